import { describe, expect, it } from 'vitest';
import { gather } from '../../../../src/transfer/read/gather.ts';

const { signal } = new AbortController();
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Candidates that end when the test says so. */
function world(need: number, stop = signal) {
  const begun: { bring(count: number): void; fail(): void; late(): void; signal: AbortSignal }[] =
    [];
  const end = gather(
    {
      need,
      candidates: Array.from({ length: 9 }, (_, i) => i),
      promises: () => 1,
      ask: (_, own, late) =>
        new Promise((resolve, reject) => {
          begun.push({
            bring: resolve,
            fail: () => reject(new Error('broken')),
            late,
            signal: own,
          });
        }),
    },
    stop,
  );
  end.catch(() => undefined);
  return { begun, end };
}

describe('gather', () => {
  it('asks as many as are enough, and another one for each that brings nothing or is late', async () => {
    const { begun, end } = world(2);
    expect(begun).toHaveLength(2);
    begun[0]?.bring(0);
    await turn();
    expect(begun).toHaveLength(3);
    begun[1]?.late();
    begun[1]?.late();
    await turn();
    expect(begun).toHaveLength(4);
    begun[1]?.bring(1);
    begun[2]?.bring(1);
    expect(await end).toBe(2);
    expect(begun).toHaveLength(4);
    expect(begun[3]?.signal.aborted).toBe(true);
  });

  it('gives what there is once nobody is left', async () => {
    const { begun, end } = world(2);
    for (let i = 0; i < 9; i++) {
      begun[i]?.bring(i === 0 ? 1 : 0);
      await turn();
    }
    expect(await end).toBe(1);
  });

  it('asks nobody any more after an error', async () => {
    const { begun, end } = world(3);
    begun[0]?.fail();
    begun[1]?.bring(0);
    await expect(end).rejects.toThrow('broken');
    begun[2]?.late();
    await turn();
    expect(begun).toHaveLength(3);
    expect(begun[2]?.signal.aborted).toBe(true);
  });

  it('asks nobody any more once it is ended', async () => {
    const stop = new AbortController();
    const { begun, end } = world(2, stop.signal);
    stop.abort();
    begun[0]?.bring(0);
    await expect(end).rejects.toMatchObject({ code: 'aborted' });
    expect(begun).toHaveLength(2);
  });
});
