import type { Random } from '../../protocol/ports.ts';
import { AggregatorError, failureReply } from '../aggregator/errors.ts';
import { bodyOf, withBody } from '../faults/change-answer.ts';
import { toBase64 } from '../node/confirmation.ts';

/** An aggregator's "not found" as caches in front of it keep it. */
export function staleNotFound(): Response {
  const response = failureReply(new AggregatorError('BLOB_NOT_FOUND'));
  response.headers.set('cache-control', 'public, max-age=60');
  response.headers.set('access-control-allow-origin', '*');
  response.headers.set('age', '30');
  return response;
}

interface Upload {
  confirmation_certificate: {
    signers: number[];
    serialized_message: number[];
    signature: string;
  };
}

/** A relay's answer with a certificate that does not hold. Other answers stay as they are. */
export async function wrongCertificate(
  response: Response,
  what: 'signature' | 'signers' | 'message',
  random: Random,
): Promise<Response> {
  const bytes = await bodyOf(response);
  const isUpload = response.ok && (response.headers.get('content-type') ?? '').includes('json');
  const json = isUpload ? (JSON.parse(new TextDecoder().decode(bytes)) as Partial<Upload>) : {};
  const certificate = json.confirmation_certificate;
  if (certificate === undefined) return withBody(response, bytes);
  if (what === 'signers') certificate.signers = certificate.signers.slice(0, 1);
  else if (what === 'message') {
    const message = certificate.serialized_message;
    const at = 3 + random.below(4); // in the epoch
    message[at] = (message[at] ?? 0) ^ 1;
  } else {
    const signature = Uint8Array.from(atob(certificate.signature), (char) => char.charCodeAt(0));
    const at = 1 + random.below(95);
    signature[at] = (signature[at] ?? 0) ^ (1 << random.below(8));
    certificate.signature = toBase64(signature);
  }
  return withBody(response, new TextEncoder().encode(JSON.stringify(json)));
}
