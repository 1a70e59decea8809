import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kernel } from '../../src/kernel/kernel.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { merkleRoot } from '../../src/protocol/merkle.ts';
import { expectError } from '../support/expect-error.ts';
import { SEED, SOAK } from '../support/seed.ts';

/** Bytes round every output that no call may touch. */
const GUARD = 192;
const CANARY = 0xa5;

const simd = new Kernel(await loadKernel({ engine: 'simd' }));
const scalar = new Kernel(await loadKernel({ engine: 'scalar' }));
const runs = { numRuns: SOAK ? 4000 : 60, seed: SEED };

const shape = fc.record({
  shardCount: fc.integer({ min: 4, max: 40 }),
  symbolBytes: fc.oneof(
    fc.integer({ min: 1, max: 70 }).map((x) => 2 * x),
    fc.constantFrom(126, 128, 382, 384, 386, 512, 514, 768, 1000),
  ),
  seed: fc.integer({ min: 1, max: 0x7fffffff }),
});

/** Deterministic bytes; quality does not matter here. */
function noise(length: number, seed: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

/** Nodes of a tree above its leaves. */
const treeNodes = (leaves: number): number =>
  leaves === 1 ? 0 : Math.ceil(leaves / 2) + treeNodes(Math.ceil(leaves / 2));

const faultyOf = (n: number) => Math.floor((n - 1) / 3);
const rowsOf = (n: number) => n - 2 * faultyOf(n);
const columnsOf = (n: number) => n - faultyOf(n);

/** Memory of one kernel with guards round each piece. */
class Guarded {
  readonly #kernel: Kernel;
  readonly #pieces: { ptr: number; length: number }[] = [];

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  put(bytes: Uint8Array): number {
    const ptr = this.room(bytes.length);
    this.#kernel.bytes(ptr, bytes.length).set(bytes);
    return ptr;
  }

  room(length: number): number {
    const start = this.#kernel.alloc(length + 2 * GUARD);
    this.#kernel.bytes(start, length + 2 * GUARD).fill(CANARY);
    this.#pieces.push({ ptr: start + GUARD, length });
    return start + GUARD;
  }

  /** The pieces' bytes; fails if a guard changed. */
  contents(): Uint8Array[] {
    return this.#pieces.map(({ ptr, length }) => {
      for (const guard of [ptr - GUARD, ptr + length]) {
        expect(this.#kernel.bytes(guard, GUARD).every((byte) => byte === CANARY)).toBe(true);
      }
      return this.#kernel.bytes(ptr, length).slice();
    });
  }
}

/** Runs the same calls on both engines and expects the same bytes everywhere. */
function onBoth(work: (kernel: Kernel, memory: Guarded) => void): void {
  const [a, b] = [simd, scalar].map((kernel) => {
    const memory = new Guarded(kernel);
    work(kernel, memory);
    return memory.contents();
  });
  expect(a).toEqual(b);
}

describe('kernel calls', () => {
  it('give the same bytes on both engines and touch nothing else', () => {
    fc.assert(
      fc.property(shape, ({ shardCount: n, symbolBytes: s, seed }) => {
        onBoth((kernel, memory) => {
          kernel.configure(n, s);
          const { rowCount, columnCount } = kernel;
          const parityPitch = (n - columnCount) * s + 6;
          const rowPitch = columnCount * s;
          const rowsPtr = memory.put(noise(rowCount * rowPitch, seed));
          const parityPtr = memory.room(rowCount * parityPitch - 6);
          kernel.encodeRows({ rowsPtr, rowPitch, rowCount, parityPtr, parityPitch });
          const width = Math.min(16, columnCount);
          const repairPtr = memory.room((n - rowCount) * width * s);
          const call = { columnsPtr: rowsPtr, rowPitch, columnCount: width, slot: 0 };
          kernel.encodeColumns({ ...call, repairPtr, repairPitch: width * s });
          const columnRootsPtr = memory.room(32 * width);
          const rowNodesPtr = memory.room(32 * n);
          kernel.closeGroup({ columnCount: width, columnRootsPtr, rowNodesPtr, rowNodePitch: 32 });
          kernel.rowRoots({
            nodesPtr: rowNodesPtr,
            nodesPerRow: 1,
            rowCount: n,
            rootsPtr: memory.room(32 * n),
          });
          kernel.pairsRoot(memory.put(noise(64 * n, seed)), memory.room(32));
          for (const axis of ['primary', 'secondary'] as const) {
            const symbols = axis === 'primary' ? columnCount : rowCount;
            const dataPtr = memory.put(noise(symbols * s, seed + 1));
            kernel.sliverRoot(axis, dataPtr, memory.room(32));
            const room = {
              repairPtr: memory.room((n - symbols) * s),
              leavesPtr: memory.room(32 * n),
            };
            kernel.expandSliver({ axis, dataPtr, ...room });
            const levelsPtr = memory.room(32 * treeNodes(n));
            kernel.treeLevels(room.leavesPtr, n, levelsPtr);
            const tree = kernel.bytes(levelsPtr, 32 * treeNodes(n)).slice();
            expect(tree.subarray(-32)).toEqual(merkleRoot(kernel.bytes(room.leavesPtr, 32 * n)));
          }
        });
      }),
      runs,
    );
  });

  it('recover the source from any pattern of erasures', () => {
    const pattern = fc.tuple(
      shape,
      fc.boolean(),
      fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    );
    fc.assert(
      fc.property(pattern, ([{ shardCount: n, symbolBytes: s, seed }, isRow, order]) => {
        const rank = (i: number) => order[i] ?? 0;
        const chosen = Array.from({ length: n }, (_, i) => i).sort((a, b) => rank(a) - rank(b));
        const source = noise((isRow ? columnsOf(n) : rowsOf(n)) * s, seed);
        onBoth((kernel, memory) => {
          kernel.configure(n, s);
          const k = source.length / s;
          const dataPtr = memory.put(source);
          const repairPtr = memory.room((n - k) * s);
          const axis = isRow ? 'primary' : 'secondary';
          kernel.expandSliver({ axis, dataPtr, repairPtr, leavesPtr: memory.room(32 * n) });
          const indices = Uint16Array.from(chosen.slice(0, k));
          const sourcePtr = memory.room(k * s);
          indices.forEach((index, i) => {
            const from = index < k ? dataPtr + index * s : repairPtr + (index - k) * s;
            kernel.bytes(sourcePtr + i * s, s).set(kernel.bytes(from, s));
          });
          const targetPtr = memory.room(k * s);
          kernel.decode({
            code: isRow ? 'row' : 'column',
            indices,
            sourcePtr,
            sourcePitch: s,
            laneCount: 1,
            targetPtr,
            targetPointPitch: s,
            targetLanePitch: s,
          });
          expect(kernel.bytes(targetPtr, k * s)).toEqual(source);
        });
      }),
      runs,
    );
  });

  it('refuse shapes that no committee has', () => {
    for (const [n, s] of [
      [3, 2],
      [49156, 2],
      [7, 0],
      [7, 3],
      [7, 65536],
    ] as const) {
      expectError(() => simd.configure(n, s), 'argument-invalid');
    }
  });

  it('refuse patterns that do not name k different symbols', () => {
    simd.configure(7, 2);
    const ptr = simd.alloc(1024);
    for (const indices of [
      [0, 1],
      [0, 1, 1],
      [0, 1, 7],
      [0, 1, 2, 3],
    ]) {
      const call = {
        code: 'column' as const,
        indices: Uint16Array.from(indices),
        sourcePtr: ptr,
        sourcePitch: 2,
        laneCount: 1,
        targetPtr: ptr + 512,
        targetPointPitch: 2,
        targetLanePitch: 2,
      };
      expectError(() => simd.decode(call), 'argument-invalid');
    }
  });
});
