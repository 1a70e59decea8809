import { describe, expect, it } from 'vitest';
import type { OwnedBlob } from '../../../../src/chain/chain-client.ts';
import { maximumFrost, stipendMist } from '../../../../src/flows/store/amounts.ts';
import { findStanding } from '../../../../src/flows/store/find-standing.ts';
import { inLanes } from '../../../../src/flows/store/lanes.ts';
import { persist } from '../../../../src/flows/store/patience.ts';
import { endEpochFor, endsMs } from '../../../../src/flows/store/periods.ts';
import { Snapshots } from '../../../../src/flows/store/snapshots.ts';
import { HauloutError } from '../../../../src/protocol/errors.ts';
import { handClock } from '../../../support/devnet/local-sui.ts';

const DAY = 86_400_000;
const system = { epoch: 7, epochEndsMs: 100 * DAY, epochDurationMs: 14 * DAY, maxEpochsAhead: 53 };

describe('endEpochFor', () => {
  it('rounds a date up to the end of an epoch', () => {
    expect(endEpochFor(system, { epochs: 1 })).toBe(8);
    expect(endEpochFor(system, { until: 90 * DAY })).toBe(8); // the running one
    expect(endEpochFor(system, { until: 100 * DAY })).toBe(8);
    expect(endEpochFor(system, { until: 100 * DAY + 1 })).toBe(9);
    expect(endsMs(system, 9)).toBe(114 * DAY);
    const until = 465 * DAY; // a year is never 51 weeks
    expect(endsMs(system, endEpochFor(system, { until }))).toBeGreaterThanOrEqual(until);
  });

  it.each([
    {},
    { epochs: 0 },
    { epochs: 1.5 },
    { epochs: 54 },
    { until: 9_999 * DAY },
    { until: Number.NaN },
  ])('refuses %j', (choice) => {
    expect(() => endEpochFor(system, choice)).toThrow('not 1 to 53 epochs');
  });
});

describe('findStanding', () => {
  const blob = (change: Partial<OwnedBlob>): OwnedBlob => ({
    ref: { objectId: `0x${change.endEpoch}`, version: '1', digest: 'd' },
    ...{ owner: '0x1', blobId: 'b', unencodedBytes: 1, encodedBytes: 2, registeredEpoch: 1 },
    ...{ endEpoch: 10, deletable: true },
    ...change,
  });
  const find = (owned: OwnedBlob[], deletable: boolean, permanentEndEpoch?: number) =>
    findStanding(
      { owned, elsewhere: permanentEndEpoch === undefined ? undefined : { permanentEndEpoch } },
      system,
      9,
      { deletable },
    );

  it('takes a permanent blob for a deletable one, and not the other way round', () => {
    const [deletable, permanent] = [true, false].map((is) =>
      blob({ deletable: is, certifiedEpoch: 1 }),
    );
    expect(find([permanent as OwnedBlob], true).standing).toBe('owned');
    expect(find([deletable as OwnedBlob], false).standing).toBe('new');
    const open = find([blob({ deletable: false })], true);
    expect(open).toMatchObject({ standing: 'registered', isPermanent: true });
  });

  it('tells certified from open ones, and those that end too early', () => {
    expect(find([blob({ endEpoch: 10 })], true)).toMatchObject({
      standing: 'registered',
      blobObjectId: '0x10',
    });
    expect(find([blob({ endEpoch: 8 })], true).standing).toBe('new');
    expect(find([blob({ endEpoch: 8, certifiedEpoch: 1 })], true)).toMatchObject({
      ...{ standing: 'extendable', blobObjectId: '0x8', endEpoch: 9 },
      endsEarly: { blobObjectId: '0x8', endEpoch: 8 },
    });
    expect(find([blob({ endEpoch: 7, certifiedEpoch: 1 })], true)).toEqual({
      standing: 'new',
      endEpoch: 9,
    });
    expect(
      find([blob({ endEpoch: 10 }), blob({ endEpoch: 12, certifiedEpoch: 3 })], true).blobObjectId,
    ).toBe('0x12');
  });

  it('uses what anybody stores for good, if it lasts long enough', () => {
    expect(find([], true, 9)).toEqual({ standing: 'stored', endEpoch: 9 });
    expect(find([], true, 8).standing).toBe('new');
  });
});

describe('amounts', () => {
  it('leave room for a price that moves, as far as there is money', () => {
    expect(maximumFrost(1_000n, 5_000n)).toBe(1_030n);
    expect(maximumFrost(1_000n, 1_010n)).toBe(1_010n);
    expect(maximumFrost(1_000n, 10n)).toBe(1_030n); // too little: say what is missing
    expect(maximumFrost(1_000n, 5_000n, 1_020n)).toBe(1_020n); // what was shown stays
    expect(stipendMist(1)).toBeLessThan(stipendMist(250));
    expect(stipendMist(100_000)).toBe(50_000_000n);
  });
});

describe('inLanes', () => {
  it('keeps the order of results, works on few at a time, and ends with the first failure', async () => {
    let [now, most] = [0, 0];
    const work = async (n: number) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5 - n));
      now--;
      return n * 2;
    };
    expect(await inLanes(2, [0, 1, 2, 3, 4], work)).toEqual([0, 2, 4, 6, 8]);
    expect(most).toBe(2);
    const seen: number[] = [];
    const failing = inLanes(1, [1, 2, 3], async (n) => {
      seen.push(n);
      if (n === 2) throw new Error('two');
    });
    await expect(failing).rejects.toThrow('two');
    expect(seen).toEqual([1, 2]);
  });
});

describe('persist', () => {
  it('tries again at growing gaps, and gives up with the last error', async () => {
    const clock = handClock();
    const random = { bytes: (n: number) => new Uint8Array(n), below: (limit: number) => limit - 1 };
    const patience = { firstMs: 100, longestMs: 400, totalMs: 1_000 };
    const gaps: (number | undefined)[] = [];
    let tries = 0;
    const done = persist(
      { clock, random },
      patience,
      async () => {
        throw new HauloutError('chain-unavailable', { reason: String(++tries) });
      },
      () => true,
      new AbortController().signal,
      (condition) => gaps.push((condition?.retryAtMs ?? 0) - clock.monotonic()),
    );
    const ended = expect(done).rejects.toMatchObject({ detail: { reason: '5' } });
    for (let i = 0; i < 40; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(50);
    }
    await ended;
    expect(gaps).toEqual([100, 200, 400, 400]);
  });

  it('stops at what does not pass, and at a signal', async () => {
    const doors = { clock: handClock(), random: { bytes: () => new Uint8Array(), below: () => 0 } };
    const patience = { firstMs: 1, longestMs: 1, totalMs: 1 };
    const work = () => Promise.reject(new HauloutError('wal-foreign', { coinType: 'x' }));
    const never = () => false;
    const { signal } = new AbortController();
    await expect(persist(doors, patience, work, never, signal)).rejects.toMatchObject({
      code: 'wal-foreign',
    });
    await expect(persist(doors, patience, work, never, AbortSignal.abort())).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('Snapshots', () => {
  it('gives a slow reader every step and the newest of what lies between', async () => {
    const snapshots = new Snapshots('a0', (before, after) => before[0] !== after[0]);
    const reader = snapshots[Symbol.asyncIterator]();
    expect((await reader.next()).value).toBe('a0');
    for (const value of ['a1', 'a2', 'b0', 'b1', 'b2', 'c0']) snapshots.push(value);
    snapshots.end();
    const seen: string[] = [];
    for (let next = await reader.next(); !next.done; next = await reader.next())
      seen.push(next.value);
    expect(seen).toEqual(['a2', 'b2', 'c0']);
    expect(snapshots.latest).toBe('c0');
  });
});
