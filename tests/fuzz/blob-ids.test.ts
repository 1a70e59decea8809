import { expect, it } from 'vitest';
import { findBlobId, formatBlobId, parseBlobId } from '../../src/protocol/blob-id.ts';
import { SEED, SOAK } from '../support/seed.ts';
import { attempt, type FuzzTarget, fuzz, promise } from './fuzz.ts';

const ids = [
  'CmzciFdWJP1IIM-rD3cqXlVBXYM0fpAfHahZBvkaZUI',
  '__________________________________________8',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
];

/** A second, naive reading of the rules, by what Node makes of the text. */
function naive(text: string): boolean {
  return /^[\w-]{43}$/.test(text) && Buffer.from(text, 'base64url').toString('base64url') === text;
}

const target: FuzzTarget = {
  name: 'blob-id',
  seeds: [...ids, ...ids.map((id) => `https://example.org/v1/blobs/${id}?a=${id}`)].map((text) =>
    Uint8Array.from(Buffer.from(text)),
  ),
  run(input) {
    for (const encoding of ['latin1', 'utf8'] as const) {
      const text = Buffer.from(input).toString(encoding);
      const bytes = attempt(() => parseBlobId(text));
      promise((bytes !== undefined) === naive(text), 'parsing agrees with the naive parser');
      if (bytes !== undefined) promise(formatBlobId(bytes) === text, 'an ID has one text');
      const expected = text.split(/[^A-Za-z0-9_-]/).find(naive);
      promise(findBlobId(text) === expected, 'finding agrees with the naive search');
    }
  },
};

const runs = SOAK ? 5_000_000 : 20_000;

it(`blob IDs keep their promises for ${runs} inputs, seed ${SEED}`, {
  timeout: 3_600_000,
}, async () => {
  expect((await fuzz(target, runs)).blocks).toBeGreaterThan(5);
});
