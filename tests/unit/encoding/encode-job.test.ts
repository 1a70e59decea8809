import { describe, expect, it } from 'vitest';
import { EncodeJob } from '../../../src/encoding/encode-job.ts';
import { planEncode } from '../../../src/encoding/encode-plan.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';

const threadCount = 2;

/** Opens the job in one more thread: the buffers that move there are gone here. */
function open(job: EncodeJob): number[] {
  const setup = job.setup(false);
  const moved = structuredClone(setup.spare, { transfer: setup.moves ?? [] });
  return moved.map(({ byteLength }) => byteLength);
}

describe('a job of encoding', () => {
  it('deals the memory of an earlier blob to its threads once, some of each size', () => {
    const geometry = geometryFor(10, 1000);
    const memory = { threadCount, slivers: true, spill: 'nothing' as const, memoryBytes: 1 << 20 };
    const spare = [700, 500, 500, 700, 500, 500].map((bytes) => new ArrayBuffer(bytes));
    const job = new EncodeJob({
      plan: planEncode(geometry, memory),
      source: new Uint8Array(1000),
      read: new WeakSet(),
      spill: undefined,
      firstWriter: 0,
      priority: 0,
      progress: undefined,
      hold: undefined,
      spare,
    });
    expect(open(job)).toEqual([500, 500, 700]);
    expect(open(job)).toEqual([500, 500, 700]);
    expect(open(job)).toEqual([]); // a thread that comes back
  });
});
