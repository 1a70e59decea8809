import { bls12_381 } from '@noble/curves/bls12-381.js';
import type { Random } from '../../protocol/ports.ts';
import { toBase64 } from '../node/confirmation.ts';
import type { NodeCore } from '../node/core.ts';
import { reply, success } from '../node/reply.ts';
import type { FaultAction } from './rules.ts';

/** An answer with the same status and headers, and another body. */
export function withBody({ status, headers }: Response, bytes: Uint8Array): Response {
  const changed = new Response(bytes as Uint8Array<ArrayBuffer>, { status, headers });
  changed.headers.set('content-length', String(bytes.length));
  return changed;
}

export async function bodyOf(response: Response): Promise<Uint8Array> {
  return new Uint8Array(await response.arrayBuffer());
}

export function htmlReply(status: number, title: string): Response {
  const page = `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`;
  const bytes = new TextEncoder().encode(page);
  return reply(status, 'text/html; charset=utf-8', bytes, bytes.length);
}

interface Confirmation {
  success?: { data?: { signed?: { serializedMessage: string; signature: string } } };
}

type Forgery = Extract<FaultAction, { type: 'badSignature' | 'garbageSignature' | 'wrongMessage' }>;

/** A confirmation that a client must not count. Other answers stay as they are. */
export async function forged(
  core: NodeCore,
  response: Response,
  action: Forgery,
  random: Random,
): Promise<Response> {
  if (!response.ok) return response;
  const bytes = await bodyOf(response);
  if (bytes.length === 0) return withBody(response, bytes); // HEAD
  const json = JSON.parse(new TextDecoder().decode(bytes)) as Confirmation;
  const signed = json.success?.data?.signed;
  if (signed === undefined) return withBody(response, bytes);
  const message = Uint8Array.from(atob(signed.serializedMessage), (char) => char.charCodeAt(0));
  if (action.type === 'garbageSignature') {
    const signature = toBase64(garbage(action.what ?? 'random', random));
    return success({ signed: { ...signed, signature } });
  }
  if (action.type === 'badSignature') {
    const otherKey = bls12_381.utils.randomSecretKey(random.bytes(48));
    const signature = toBase64(core.doors.signer.sign(otherKey, message));
    return success({ signed: { ...signed, signature } });
  }
  const other = otherMessage(message, action.what ?? 'epoch', random);
  const signature = toBase64(core.doors.signer.sign(core.identity.secretKey, other));
  return success({ signed: { serializedMessage: toBase64(other), signature } });
}

function garbage(what: 'random' | 'length' | 'infinity', random: Random): Uint8Array {
  if (what === 'infinity') {
    const infinity = new Uint8Array(96);
    infinity[0] = 0xc0;
    return infinity;
  }
  return random.bytes(what === 'length' ? 95 : 96);
}

function otherMessage(
  message: Uint8Array,
  what: 'epoch' | 'blob' | 'persistence' | 'intent',
  random: Random,
): Uint8Array {
  const other = message.slice();
  if (what === 'intent') other[0] = 2;
  else if (what === 'epoch') other[3] = (other[3] ?? 0) + 1;
  else if (what === 'blob') {
    const at = 7 + random.below(32);
    other[at] = (other[at] ?? 0) ^ (1 + random.below(255));
  } else if (other.length === 40) {
    // permanent becomes deletable, by some object
    const deletable = new Uint8Array(72);
    deletable.set(other);
    deletable[39] = 1;
    deletable.set(random.bytes(32), 40);
    return deletable;
  } else {
    other[39] = 0;
    return other.slice(0, 40);
  }
  return other;
}
