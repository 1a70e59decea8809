import { toBase58 } from '@mysten/bcs';
import { bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import type { Contract } from '../../../src/chain/contract.ts';
import type {
  BlobPlan,
  GasPayment,
  ObjectRef,
  StoragePool,
  TransactionPlan,
  WalPayment,
} from '../../../src/chain/plan.ts';
import { formatBlobId } from '../../../src/protocol/blob-id.ts';
import { encodedLength } from '../../../src/protocol/geometry.ts';

/** Plans of every kind, as they could come up. Objects have IDs that come once. */

export const CONTRACT: Contract = {
  packageId: `0x${'c0'.repeat(32)}`,
  systemObjectId: `0x${'5e'.repeat(32)}`,
  systemInitialVersion: '7',
  shardCount: 13,
  memberCount: 11,
};

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const id = bytes(32).map((value) => `0x${bytesToHex(value)}`);
const ref: fc.Arbitrary<ObjectRef> = fc.record({
  objectId: id,
  version: fc.bigInt(1n, 2n ** 63n).map(String),
  digest: bytes(32).map(toBase58),
});
const refs = (minLength: number, maxLength: number) =>
  fc.uniqueArray(ref, { minLength, maxLength, selector: ({ objectId }) => objectId });
const amount = fc.bigInt(1n, 2n ** 62n);
const epochs = fc.integer({ min: 1, max: 53 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const text = fc.string({ maxLength: 40, unit: 'grapheme' });

const exchange = fc.record({
  objectId: id,
  packageId: id,
  initialSharedVersion: fc.integer({ min: 1 }).map(String),
  payMist: amount,
});
const payment: fc.Arbitrary<WalPayment> = fc.oneof(
  fc.record({ coins: refs(1, 4), maximumFrost: amount }),
  fc.record({ coins: refs(0, 4), maximumFrost: amount, exchange }),
);
const tip = fc.record({
  address: id,
  mist: amount,
  blobDigest: bytes(32),
  nonceDigest: bytes(32),
  unencodedBytes: fc.nat(),
});
const marker = fc.record({
  pagePublicKey: fc
    .tuple(fc.constantFrom(2, 3), bytes(32))
    .map(([parity, x]) => Uint8Array.from([parity, ...x])),
  batchId: bytes(16),
});
const blob: fc.Arbitrary<BlobPlan> = fc
  .record({
    blobId: bytes(32).map(formatBlobId),
    rootHash: bytes(32),
    unencodedBytes: fc.nat({ max: 2_900_000 }),
    deletable: fc.boolean(),
    attributes: fc.array(fc.tuple(text, text), { maxLength: 3 }),
    storage: fc.record({ epochs }),
  })
  .map((plan) => ({
    ...plan,
    encodedBytes: encodedLength(plan.unencodedBytes, CONTRACT.shardCount),
  }));

/** Owned storage of every shape for some of the blobs. */
const pooled = fc
  .record({
    blobs: fc.array(blob, { minLength: 1, maxLength: 6 }),
    uses: fc.array(fc.nat({ max: 2 }), { minLength: 6, maxLength: 6 }),
    parts: refs(1, 5),
    cut: fc.array(optional(epochs), { minLength: 2, maxLength: 2 }),
    keep: fc.array(fc.boolean(), { minLength: 2, maxLength: 2 }),
    extend: fc.array(optional(epochs), { minLength: 2, maxLength: 2 }),
  })
  .map(({ blobs, uses, parts, cut, keep, extend }) => {
    const wanted = blobs.map((_, i) => uses[i] ?? 0);
    // A pool that no blob takes from would be nothing that is planned.
    const used = [1, 2].filter((use, i) => wanted.includes(use) && parts.length > i);
    const pools: StoragePool[] = used.map((use, at) => {
      const own = parts.filter((_, i) => i % used.length === at);
      const bytes = blobs
        .filter((_, i) => wanted[i] === use)
        .reduce((sum, { encodedBytes }) => sum + encodedBytes, 0);
      const endEpoch = extend[at];
      return {
        parts: own,
        ...(keep[at] && { keepBytes: bytes }),
        ...(cut[at] !== undefined && endEpoch === undefined && { cutAtEpoch: cut[at] }),
        ...(endEpoch !== undefined && {
          extension: { bytes, startEpoch: endEpoch, endEpoch: endEpoch + 3 },
        }),
      };
    });
    const planned = blobs.map((plan, i): BlobPlan => {
      const pool = used.indexOf(wanted[i] ?? 0);
      return pool < 0 ? plan : { ...plan, storage: { pool } };
    });
    return { pools, blobs: planned };
  });

const certificate = fc.record({
  signers: fc
    .uniqueArray(fc.nat({ max: CONTRACT.memberCount - 1 }), { minLength: 1 })
    .map((signers) => signers.sort((a, b) => a - b)),
  message: fc.oneof(bytes(40), bytes(72)),
  signature: bytes(96),
});

const register = fc
  .record({
    sender: id,
    recipient: id,
    stipendMist: fc.oneof(fc.constant(0n), amount),
    marker: optional(marker),
    tip: optional(tip),
    payment,
    storage: pooled,
  })
  .map(
    ({ storage, marker, tip, ...plan }): TransactionPlan => ({
      ...{ kind: 'register', ...plan, ...storage },
      ...(marker && { marker }),
      ...(tip && { tip }),
    }),
  );

const certify = fc
  .record({
    sender: id,
    blobs: refs(1, 5),
    more: refs(0, 3),
    to: optional(id),
    change: optional(id),
  })
  .chain(({ sender, blobs, more, to, change }) =>
    fc
      .array(certificate, { minLength: blobs.length, maxLength: blobs.length })
      .map((certificates) => ({
        ...{ kind: 'certify' as const, sender },
        blobs: blobs.flatMap((blob, i) => {
          const certificate = certificates[i];
          return certificate ? [{ blob, certificate }] : [];
        }),
        uncertified: to === undefined ? [] : more,
        ...(to !== undefined && { handOverTo: to, ...(change && { changeTo: change }) }),
      })),
  );

export const plans: fc.Arbitrary<TransactionPlan> = fc.oneof(
  { weight: 4, arbitrary: register },
  { weight: 2, arbitrary: certify },
  fc.record({ kind: fc.constant('tip' as const), sender: id, tip }),
  fc
    .record({ sender: id, objects: refs(0, 5), handOverTo: id, change: optional(id) })
    .map(({ change, ...plan }) => ({
      ...{ kind: 'hand-over' as const, ...plan },
      ...(change && plan.objects.length > 0 && { changeTo: change }),
    })),
  fc.record({
    ...{ kind: fc.constant('extend' as const), sender: id, payment },
    blobs: refs(1, 4).chain((blobs) =>
      fc
        .array(epochs, { minLength: blobs.length, maxLength: blobs.length })
        .map((list) => blobs.map((blob, i) => ({ blob, epochs: list[i] ?? 1 }))),
    ),
  }),
  fc
    .record({ sender: id, blobs: refs(1, 4), handOverTo: id, toSelf: fc.boolean() })
    .map(({ sender, blobs, handOverTo, toSelf }) => ({
      ...{ kind: 'delete' as const, sender, blobs },
      handOverTo: toSelf ? sender : handOverTo,
    })),
  fc.record({ kind: fc.constant('merge-coins' as const), sender: id, coins: refs(2, 6) }),
);

export const gasPayments: fc.Arbitrary<GasPayment> = fc.record({
  coins: refs(1, 3),
  priceMist: fc.bigInt(1n, 100_000n),
  budgetMist: fc.bigInt(1_000_000n, 50_000_000_000n),
});
