/** A local network for one bench. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDevnetIfChanged } from '../../src/tooling/build-devnet.mjs';
import { startDevnet } from './devnet.mjs';
import { loadModule } from './load-module.mjs';

/**
 * Runs `work` with a network of 1000 shards on 10 nodes, an empty folder, and TypeScript modules of this folder.
 *
 * @template T
 * @param {readonly string[]} names of the modules
 * @param {(place: { network: import('../../src/devnet/describe.ts').NetworkDescription, folder: string, modules: any[] }) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function onNetwork(names, work) {
  await buildDevnetIfChanged();
  const folder = mkdtempSync(join(tmpdir(), 'haulout-bench-'));
  const { network, close } = await startDevnet('handful-real');
  const loaded = await Promise.all(names.map(loadModule));
  try {
    return await work({ network, folder, modules: loaded.map(({ module }) => module) });
  } finally {
    for (const { close: closeModule } of loaded) await closeModule();
    await close();
    rmSync(folder, { recursive: true, force: true });
  }
}
