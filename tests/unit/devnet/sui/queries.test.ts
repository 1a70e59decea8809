import { GrpcTypes } from '@mysten/sui/grpc';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  handClock,
  type LocalSui,
  localSui,
  submit,
} from '../../../support/devnet/local-sui.ts';

const SUI = 1_000_000_000n;
const { Ordering, QueryEndReason: Reason } = GrpcTypes;

describe('queries of the history', () => {
  let sui: LocalSui;
  let clock: ReturnType<typeof handClock>;
  let filter: GrpcTypes.TransactionFilter & GrpcTypes.EventFilter;
  const digests: string[] = [];
  beforeAll(async () => {
    clock = handClock();
    sui = await localSui({ clock });
    const key = await sui.funded('owner', 10n * SUI);
    const address = key.toSuiAddress();
    filter = {
      terms: [
        { literals: [{ negated: false, predicate: { oneofKind: 'sender', sender: { address } } }] },
      ],
    };
    for (let i = 0; i < 4; i++) {
      const { tx } = await submit(sui, key, (edit) => {
        const made = [0, 1].map(() => call(edit, 'make', edit.pure.u64(i)));
        edit.transferObjects(made, address);
      });
      digests.push(tx.digest);
      await sui.funded('somebody else', 1n); // lies between them
    }
    clock.advance(1_000);
  });

  interface Frame {
    readonly item: string | undefined;
    readonly cursor: Uint8Array | undefined;
    readonly checkpoint: bigint | undefined;
    readonly end: GrpcTypes.QueryEndReason | undefined;
  }

  async function framesOf(request: GrpcTypes.ListTransactionsRequest): Promise<Frame[]> {
    const frames: Frame[] = [];
    const { responses } = sui.client.ledgerService.listTransactions({ filter, ...request });
    for await (const { transaction, watermark, end } of responses) {
      const { cursor, checkpoint } = watermark ?? {};
      frames.push({ item: transaction?.digest, cursor, checkpoint, end: end?.reason });
    }
    return frames;
  }

  const items = (frames: readonly Frame[]) => frames.flatMap(({ item }) => item ?? []);

  it('put the end on the last item when the limit is reached', async () => {
    const frames = await framesOf({ options: { limit: 2 } });
    expect(items(frames)).toEqual(digests.slice(0, 2));
    expect(frames.map(({ end }) => end)).toEqual([undefined, Reason.ITEM_LIMIT]);
    const rest = await framesOf({ options: { limit: 9, after: frames[1]?.cursor as Uint8Array } });
    expect(items(rest)).toEqual(digests.slice(2));
  });

  it('say how far they came in every frame, and why they end', async () => {
    const frames = await framesOf({});
    expect(items(frames)).toEqual(digests);
    for (const { cursor } of frames) expect(cursor).toHaveLength(8);
    expect(frames.at(-1)).toMatchObject({ item: undefined, end: Reason.LEDGER_TIP });
    const covered = frames.map(({ checkpoint }) => checkpoint as bigint);
    expect(covered).toEqual(covered.toSorted((a, b) => (a < b ? -1 : 1)));
    const endCheckpoint = (covered[1] as bigint) + 1n;
    const part = await framesOf({ endCheckpoint });
    expect(items(part)).toEqual(digests.slice(0, 2));
    expect(part.at(-1)?.end).toBe(Reason.CHECKPOINT_BOUND);
    const before = frames[1]?.cursor as Uint8Array;
    const bounded = await framesOf({ options: { before } });
    expect(items(bounded)).toEqual(digests.slice(0, 1));
    expect(bounded.at(-1)?.end).toBe(Reason.CURSOR_BOUND);
  });

  it('go backwards, and on from there', async () => {
    const ordering = Ordering.DESCENDING;
    const frames = await framesOf({ options: { ordering, limit: 3 } });
    expect(items(frames)).toEqual(digests.toReversed().slice(0, 3));
    const before = frames.at(-1)?.cursor as Uint8Array;
    const rest = await framesOf({ options: { ordering, before } });
    expect(items(rest)).toEqual(digests.slice(0, 1));
    expect(rest.at(-1)).toMatchObject({ item: undefined, end: Reason.CHECKPOINT_BOUND });
  });

  it('count a checkpoint as covered when all of its events were told', async () => {
    const { responses } = sui.client.ledgerService.listEvents({ filter, options: { limit: 3 } });
    const covered: (bigint | undefined)[] = [];
    for await (const { watermark } of responses) covered.push(watermark?.checkpoint);
    expect(covered).toEqual([undefined, covered[1], covered[1]]);
    expect(covered[1]).toBeDefined();
  });

  it('end with what is final', async () => {
    sui.chain.faults.set({ finalityDelayMs: 5_000 });
    const frames = await framesOf({});
    expect(frames).toMatchObject([{ item: undefined, end: Reason.LEDGER_TIP }]);
    sui.chain.faults.clear();
  });

  it('want filters that say something, and cursors of this chain', async () => {
    await expect(framesOf({ filter: { terms: [] } })).rejects.toThrow(/a filter needs a term/);
    const empty = { filter: { terms: [{ literals: [] }] } };
    await expect(framesOf(empty)).rejects.toThrow(/a term needs a literal/);
    const after = Uint8Array.of(1, 2, 3);
    await expect(framesOf({ options: { after } })).rejects.toThrow(/not one of this chain/);
  });
});
