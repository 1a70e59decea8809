import { describe, expect, it } from 'vitest';
import { Ending } from '../../../src/protocol/ending.ts';
import { heldBytes } from '../../support/heap.ts';

describe('an end that may come', () => {
  it('lets work end as it does', async () => {
    const ending = new Ending();
    expect(await ending.until(Promise.resolve(7))).toBe(7);
    await expect(ending.until(Promise.reject(new Error('own')))).rejects.toThrow('own');
  });

  it('fails what is under way and what comes later, with its first error', async () => {
    const ending = new Ending();
    const open = ending.until(new Promise(() => undefined));
    ending.end(new Error('first'));
    ending.end(new Error('second'));
    await expect(open).rejects.toThrow('first');
    await expect(ending.until(Promise.resolve(7))).rejects.toThrow('first');
    await expect(ending.until(Promise.reject(new Error('own')))).rejects.toThrow('first');
  });

  it('holds nothing of work that has settled', async () => {
    const ending = new Ending();
    const results: WeakRef<object>[] = [];
    for (let i = 0; i < 5; i++) {
      await ending.until(
        Promise.resolve().then(() => {
          const result = { bytes: new Uint8Array(9) };
          results.push(new WeakRef(result));
          return result;
        }),
      );
    }
    await heldBytes();
    expect(results.map((each) => each.deref())).toEqual(Array(5).fill(undefined));
    ending.end(new Error('late'));
  });
});
