import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FileDisk } from '../../../src/devnet/disk/file-disk-door.ts';

/** What is asked of the real disk, in order; such mocks need a process of their own. */
const calls = vi.hoisted(() => [] as string[]);

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    async open(path: string, flags: string) {
      const handle = await real.open(path, flags);
      return new Proxy(handle, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function') return value;
          return (...words: unknown[]) => {
            calls.push(`${String(name)} ${path.split('/').at(-1)}`);
            return value.apply(target, words);
          };
        },
      });
    },
    rename(from: string, to: string) {
      calls.push(`rename ${from.split('/').at(-1)} ${to.split('/').at(-1)}`);
      return real.rename(from, to);
    },
  };
});

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'file-disk-'));
  calls.length = 0;
});
afterEach(() => rm(root, { recursive: true }));

it('writes aside, waits for the medium, renames, and waits for the folder', async () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const disk = new FileDisk(root);
  await disk.write('sliver', bytes);
  expect(calls).toEqual([
    'writeFile .0.tmp',
    'datasync .0.tmp',
    'close .0.tmp',
    'rename .0.tmp sliver',
    `sync ${basename(root)}`,
    `close ${basename(root)}`,
  ]);
  expect(await disk.read('sliver')).toEqual(Buffer.from(bytes));
});

it('waits for the medium before a line counts as added', async () => {
  await new FileDisk(root).append('log', Uint8Array.of(1));
  expect(calls).toEqual(['writeFile log', 'datasync log', 'close log']);
});
