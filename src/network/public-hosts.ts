import { HauloutError } from '../protocol/errors.ts';
import type { Transport } from '../protocol/ports.ts';

/** A name that nobody has (RFC 6761), for addresses that are none. */
const NOBODY = 'https://nobody.invalid';
const ADDRESS = /^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** URL of a node by the address that it has given itself on chain, which may be anything. */
export function publicNodeUrl(networkAddress: string): string {
  const url = `https://${networkAddress}`;
  return ADDRESS.test(networkAddress) && URL.canParse(url) ? url : NOBODY;
}

/**
 * A transport that asks nobody of this machine or its neighbourhood: operators choose the addresses of their nodes, and
 * a page must not look around in somebody's home for them.
 */
export function publicTransport(transport: Transport): Transport {
  return {
    async send(request, limits, signal) {
      const { host, hostname } = new URL(request.url);
      if (isPrivate(hostname)) throw new HauloutError('host-unreachable', { host });
      return transport.send(request, limits, signal);
    },
  };
}

/** @param hostname as `URL` writes it: numbers in any other notation have become dotted ones */
export function isPrivate(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  if (name.startsWith('[')) return isPrivateV6(name.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return isPrivateV4(name);
  return !name.includes('.') || /\.(localhost|local|internal|home\.arpa)$/.test(name);
}

function isPrivateV4(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100) return b >= 64 && b < 128;
  if (a === 169) return b === 254;
  if (a === 172) return b >= 16 && b < 32;
  return a === 192 && b === 168;
}

/** Of IPv6 only what is given out to everybody is public: 2000::/3; and there not what leads back to IPv4. */
function isPrivateV6(address: string): boolean {
  return !/^[23][\da-f]{3}:/.test(address) || address.startsWith('2002:');
}
