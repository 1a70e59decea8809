import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { ReadTally } from '../../../../src/transfer/read/read-types.ts';
import { recoverRow } from '../../../../src/transfer/read/recover-row.ts';
import { type Interceptor, type LabBlob, ReadLab } from '../../../support/read-lab.ts';

/** Nodes of 3, 3, 3, 2 and 2 shards; nine symbols make a row. */
const ROW = 1;

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  blob = await lab.store(20_001);
}, 60_000);
afterAll(() => lab.close());

async function recover(intercept: Interceptor = () => undefined, { blobId } = blob) {
  const symbolsOnly: Interceptor = (request, signal) =>
    request.url.includes('recoverySymbols') ? intercept(request, signal) : undefined;
  const doors = lab.doors(symbolsOnly);
  const opened = await lab.open(doors, blobId);
  const tally = new ReadTally();
  const work = recoverRow(doors, opened, ROW, tally, new AbortController().signal);
  const { value: row, ms } = await lab.timed(work);
  return { row, ms, tally, health: doors.health };
}

const idOf = (node: number) => lab.world.network.nodes[node]?.identity.nodeId ?? '';

describe('a row from symbols', () => {
  it('is rebuilt from the symbols of exactly as many shards as it takes', async () => {
    const { row } = await recover(lab.silent([3, 4]));
    expect(row).toEqual(blob.encoded.primarySlivers[ROW]);
  });

  it('is not rebuilt from one less', async () => {
    const gone: Interceptor = ({ url }) =>
      [0, 3].some((node) => url.includes(lab.host(node)))
        ? Promise.resolve(new Response(null, { status: 503 }))
        : undefined;
    const { row, ms, tally } = await recover(gone);
    expect(row).toBeUndefined();
    expect(ms).toBe(0);
    expect(tally.failed.map(({ nodeId }) => nodeId).sort()).toEqual([idOf(0), idOf(3)].sort());
  });

  it('is right where one node lies, who is named and rests', async () => {
    const [liar] = lab.world.network.nodes;
    const match = { route: 'symbols' } as const;
    await liar?.setFaults([{ match, action: { type: 'corrupt', where: 'random' } }]);
    const { row, tally, health } = await recover();
    await liar?.setFaults([]);
    expect(row).toEqual(blob.encoded.primarySlivers[ROW]);
    expect(tally.failed.map(({ nodeId }) => nodeId)).toEqual([idOf(0)]);
    expect(tally.give(ROW, 'recovered').wrongFrom).toEqual([idOf(0)]);
    expect(health.isResting(idOf(0))).toBe(true);
  });

  it('takes symbols that two nodes give as one', async () => {
    // Two nodes give what a third one gives: of 13 symbols seven are different, and two short.
    const echoes: Interceptor = (request) =>
      [1, 2].some((node) => request.url.includes(lab.host(node)))
        ? lab.world.network.toNode(
            new Request(
              `http://${lab.host(0)}${new URL(request.url).pathname}${new URL(request.url).search}`,
            ),
          )
        : undefined;
    expect((await recover(echoes)).row).toBeUndefined();
  });

  it('is not made up where the writer mixed two blobs', async () => {
    const mixed = await lab.storeMixed(20_001, 5);
    const inconsistent = { code: 'blob-inconsistent', detail: { blobId: mixed.blobId } };
    await expect(recover(undefined, mixed)).rejects.toMatchObject(inconsistent);
  });

  it('does not go on when it is not needed any more', async () => {
    const doors = lab.doors(lab.silent([0, 1]));
    const opened = await lab.open(doors, blob.blobId);
    const end = new AbortController();
    const row = recoverRow(doors, opened, ROW, new ReadTally(), end.signal);
    end.abort();
    await expect(lab.clock.drive(row)).rejects.toMatchObject({ code: 'aborted' });
  });
});
