import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { asRequest } from '../../../support/as-request.ts';
import { type Interceptor, type LabBlob, NEVER, ReadLab } from '../../../support/read-lab.ts';

/** Five rows, and two of them are more than is asked for before the first is there. */
const LENGTH = 2_900_000;

let lab: ReadLab;
let known: LabBlob;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  known = await lab.store(100_000);
  blob = await lab.store(LENGTH);
}, 60_000);
afterAll(() => lab.close());

/** A line on which each answer takes so long; it counts the slivers that were asked for, also when the first of them came. */
function line(tripMs: number) {
  const slivers = { asked: 0, atFirst: 0 };
  const intercept: Interceptor = async (request) => {
    const isSliver = request.url.includes(`${blob.blobId}/slivers`);
    if (isSliver) slivers.asked++;
    await lab.clock.sleep(tripMs);
    if (isSliver) slivers.atFirst ||= slivers.asked;
    return lab.world.network.toNode(asRequest(request));
  };
  return { slivers, reads: lab.reads(intercept) };
}

describe('the first bytes of a blob', () => {
  it('are there after two round trips', async () => {
    const { reads } = line(100);
    const first = async () => (await reads.readBlob(blob.blobId)).stream.getReader().read();
    const { value, ms } = await lab.timed(first());
    expect(ms).toBe(200);
    const bytes = value.value as Uint8Array;
    expect(Buffer.compare(bytes, blob.bytes.subarray(0, bytes.length))).toBe(0);
  });

  it('do not share the line with what comes behind them', async () => {
    const { reads, slivers } = line(1);
    const whole = async ({ blobId }: LabBlob) => (await reads.readBlob(blobId)).bytes();
    await lab.timed(whole(known)); // it is fast, so that much may be on it
    const { value } = await lab.timed(whole(blob));
    expect(Buffer.compare(value, blob.bytes)).toBe(0);
    expect(slivers).toEqual({ atFirst: 1, asked: 5 });
  });

  it('hold up nothing that comes behind them if who should give the first row is dead', async () => {
    const { blobId, bytes } = await lab.store(1_200_000); // four of five rows are asked for at first
    const since = lab.clock.monotonic();
    let askedMs = 0;
    const reads = lab.reads((request) => {
      if (request.url.includes('slivers/0/primary')) return NEVER();
      if (request.url.includes('slivers/4/primary')) askedMs ||= lab.clock.monotonic() - since;
      return lab.clock.sleep(100).then(() => lab.world.network.toNode(asRequest(request)));
    });
    const whole = async () => (await reads.readBlob(blobId)).bytes();
    const { value } = await lab.timed(whole());
    expect(Buffer.compare(value, bytes)).toBe(0);
    expect(askedMs).toBeLessThanOrEqual(500); // after the metadata, and the rows before it
  });
});
