import { expect, it } from 'vitest';
import { relayFor } from '../../../../src/flows/store/relay-use.ts';

const SHARDS = 1_000;
const free = { relay: 'https://relay.test' };
const tipped = { ...free, tip: { address: '0x1', mist: (bytes: number) => BigInt(bytes) } };
const file = (bytes: number, standing = 'new') =>
  ({
    summary: { unencodedBytes: bytes, encodedBytes: 5 * bytes },
    quoted: { standing },
  }) as unknown as Parameters<typeof relayFor>[1][number];
const SMALL = file(1_000);
const LARGE = file(200_000_000); // 5 times the bytes straight to the nodes are worth a tip
const CAP = 5n * 200_000_000n;

it('a relay that works for nothing is used whatever the cap is', () => {
  expect(relayFor(free, [SMALL, SMALL], { tipCapMist: 0n }, SHARDS)).toBe(free);
  expect(relayFor(undefined, [SMALL], { path: 'relay' }, SHARDS)).toBeUndefined();
});

it('no relay is given more than the cap, whoever asks for it', () => {
  expect(relayFor(tipped, [LARGE], { tipCapMist: CAP }, SHARDS)).toBe(tipped);
  for (const path of ['auto', 'relay'] as const) {
    expect(relayFor(tipped, [LARGE], { path, tipCapMist: CAP - 1n }, SHARDS)).toBeUndefined();
  }
  // what is there already takes no tip
  const stored = [SMALL, file(900_000_000, 'stored')];
  expect(relayFor(tipped, stored, { path: 'relay', tipCapMist: CAP }, SHARDS)).toBe(tipped);
});

it('a tip is paid unasked only for one file, where it saves much time', () => {
  expect(relayFor(tipped, [SMALL], { tipCapMist: CAP }, SHARDS)).toBeUndefined();
  expect(relayFor(tipped, [LARGE, SMALL], { tipCapMist: CAP }, SHARDS)).toBeUndefined();
  expect(relayFor(tipped, [LARGE], {}, SHARDS)).toBeUndefined();
  expect(relayFor(tipped, [LARGE, SMALL], { path: 'relay' }, SHARDS)).toBe(tipped);
});
