import { expect, it } from 'vitest';
import { formatBlobId } from '../../src/protocol/blob-id.ts';
import { geometryFor } from '../../src/protocol/geometry.ts';
import { blobIdFor } from '../../src/protocol/merkle.ts';
import {
  decodeMetadata,
  encodeMetadata,
  splitMetadataWithId,
} from '../../src/protocol/metadata.ts';
import { checkSliverShape, decodeSliver, encodeSliver } from '../../src/protocol/sliver.ts';
import { verifyMetadata } from '../../src/protocol/verify-metadata.ts';
import { referenceEncode } from '../support/reference.ts';
import { SEED, SOAK } from '../support/seed.ts';
import { generateInput } from '../support/vectors.ts';
import { attempt, equalBytes, type FuzzTarget, fuzz, promise } from './fuzz.ts';

const blob = generateInput({ kind: 'xorshift32', seed: 11, length: 500 });
const encoded = referenceEncode(7, blob);
const blobId = formatBlobId(encoded.blobId);
const geometry = geometryFor(7, blob.length);
const large = { unencodedBytes: 1e9, shardCount: 1000, pairHashes: new Uint8Array(64_000).fill(5) };
const hollow = { ...decodeMetadata(encoded.metadata), emptyHashes: [0, 5, 13] };

const metadataTarget: FuzzTarget = {
  name: 'metadata',
  seeds: [encoded.metadata, encodeMetadata(large), encodeMetadata(hollow)],
  run(input) {
    const read = [() => decodeMetadata(input), () => decodeMetadata(input, 7)].map(attempt);
    const [any, ofSeven] = read;
    if (any === undefined) promise(ofSeven === undefined, 'a known count only narrows');
    else {
      promise(equalBytes(encodeMetadata(any), input), 'accepted metadata has one form');
      promise((any.shardCount === 7) === (ofSeven !== undefined), 'the count is compared');
      if (any.shardCount < 100) {
        const id = formatBlobId(blobIdFor(any).blobId);
        const own = attempt(() => verifyMetadata({ shardCount: 7, blobId: id, metadata: input }));
        if (own !== undefined) promise(own.unencodedBytes <= 15 * 65_534, 'lengths fit');
      }
    }
    const summary = attempt(() => verifyMetadata({ shardCount: 7, blobId, metadata: input }));
    if (summary !== undefined) promise(equalBytes(input, encoded.metadata), 'the ID fits one only');
    const split = splitMetadataWithId(input);
    promise(split.blobId.length + split.metadata.length === input.length, 'nothing gets lost');
  },
};

const sliverTarget: FuzzTarget = {
  name: 'sliver',
  seeds: [...encoded.primarySlivers, ...encoded.secondarySlivers].filter((_, i) => i % 3 === 0),
  run(input) {
    const sliver = decodeSliver(input);
    promise(equalBytes(encodeSliver(sliver), input), 'an accepted sliver has one form');
    for (const axis of ['primary', 'secondary'] as const) {
      const fits = attempt(() => {
        checkSliverShape(geometry, axis, sliver, 3);
        return true;
      });
      if (fits === undefined) continue;
      const symbols = axis === 'primary' ? geometry.columnCount : geometry.rowCount;
      promise(sliver.sliverIndex === 3, 'the index is the one asked for');
      promise(sliver.data.length === symbols * geometry.symbolBytes, 'the length fits');
    }
  },
};

const runs = SOAK ? 500_000 : 4_000;

it(`metadata keeps its promises for ${runs} inputs, seed ${SEED}`, {
  timeout: 3_600_000,
}, async () => {
  expect((await fuzz(metadataTarget, runs)).blocks).toBeGreaterThan(20);
});

it(`slivers keep their promises for ${runs} inputs, seed ${SEED}`, {
  timeout: 3_600_000,
}, async () => {
  expect((await fuzz(sliverTarget, runs)).blocks).toBeGreaterThan(10);
});
