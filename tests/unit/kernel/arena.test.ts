import { describe, expect, it } from 'vitest';
import { Arena } from '../../../src/kernel/arena.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { expectError } from '../../support/expect-error.ts';

describe('Arena', () => {
  const open = (pages: number, maximum: number) =>
    new Arena(new WebAssembly.Memory({ initial: pages, maximum }), 1000);

  it('hands out aligned pieces with readable room behind them', () => {
    const arena = open(1, 4);
    const first = arena.alloc(10);
    const second = arena.alloc(1);
    expect(first % 64).toBe(0);
    expect(second % 64).toBe(0);
    expect(second - first).toBeGreaterThanOrEqual(10 + 128);
  });

  it('gives released memory out again', () => {
    const arena = open(1, 4);
    const mark = arena.mark();
    const first = arena.alloc(500);
    arena.release(mark);
    expect(arena.alloc(20)).toBe(first);
  });

  it('grows the memory when it is used up', () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 40 });
    const arena = new Arena(memory, 0);
    const ptr = arena.alloc(1_000_000);
    expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(ptr + 1_000_000 + 128);
  });

  it('says how much was needed when there is no more', () => {
    const arena = open(1, 2);
    let needed = 0;
    expectError(() => {
      try {
        arena.alloc(1_000_000);
      } catch (error) {
        if (isHauloutError(error, 'out-of-memory')) needed = error.detail.neededBytes;
        throw error;
      }
    }, 'out-of-memory');
    expect(needed).toBeGreaterThan(1_000_000);
  });

  it('refuses what 32-bit addresses cannot reach', () => {
    expectError(() => open(1, 65536).alloc(2 ** 32), 'out-of-memory');
  });
});
