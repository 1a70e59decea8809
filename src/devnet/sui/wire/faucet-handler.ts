import type { Faucet, Gift } from '../faucet.ts';
import { RpcStatus } from '../status.ts';
import { parseAddress } from '../types/type-tag.ts';
import { readLimited } from './body.ts';
import type { Handler } from './handler.ts';

const MAX_BODY = 4096;
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': 'content-type',
  'cross-origin-resource-policy': 'cross-origin',
};

/**
 * `POST /v2/gas` with `{"FixedAmountRequest":{"recipient":"0x…"}}`, as the official faucet client sends it.
 *
 * @param gifts what everybody gets per request
 */
export function faucetHandler(faucet: Faucet, gifts: readonly Gift[]): Handler {
  return async (request) => {
    if (request.method === 'OPTIONS') return new Response(null, { headers: CORS });
    if (request.method !== 'POST' || new URL(request.url).pathname !== '/v2/gas') {
      return json(404, failure('the faucet answers POST /v2/gas'));
    }
    try {
      const body = await readLimited(request, MAX_BODY);
      const recipient = recipientOf(new TextDecoder().decode(body));
      const coins = await faucet.give(recipient, gifts);
      const sent = coins.map(({ objectId, amount, digest }) => ({
        amount: Number(amount),
        id: objectId,
        transferTxDigest: digest,
      }));
      return json(200, { status: 'Success', coins_sent: sent });
    } catch (error) {
      const known = error instanceof RpcStatus;
      return json(known ? 400 : 500, failure(known ? error.message : 'the faucet failed'));
    }
  };
}

function recipientOf(text: string): string {
  let recipient: unknown;
  try {
    recipient = JSON.parse(text)?.FixedAmountRequest?.recipient;
  } catch {
    // Not JSON: told as an address that is missing.
  }
  return parseAddress(typeof recipient === 'string' ? recipient : undefined, 'recipient');
}

const failure = (internal: string) => ({ status: { Failure: { internal } }, coins_sent: null });

const json = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { ...CORS, 'content-type': 'application/json' },
  });
