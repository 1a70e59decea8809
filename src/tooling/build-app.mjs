import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, siteFolder } from './paths.mjs';
import { isFresh, markFresh, sourcesHash } from './sources.mjs';

/**
 * Builds the site. The variable `HAULOUT_BASE` tells where on its host it will lie.
 *
 * @param {string} [folder]
 * @throws Error from Vite, with the place of the fault
 */
export async function buildApp(folder = siteFolder) {
  const hash = sourcesHash();
  rmSync(`${folder}.stamp`, { force: true });
  const { build } = await import('vite');
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'warn',
    build: { outDir: folder },
  });
  // One for another place is not what `npm start` and the tests expect.
  if (process.env['HAULOUT_BASE'] === undefined) markFresh(folder, hash);
}

/** Builds `dist/app` if a source changed since it was built. @returns whether it was built */
export async function buildAppIfChanged() {
  if (isFresh(siteFolder)) return false;
  await buildApp();
  return true;
}
