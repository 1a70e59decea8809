import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
export const siteFolder = join(root, 'dist/app');
export const libraryFolder = join(root, 'dist/lib');
export const devnetFolder = join(root, 'dist/devnet');
export const devWalletFolder = join(root, 'dist/dev-wallet');
/** Machine-readable results of the last run of each tool. */
export const reportsFolder = join(root, '.reports');
/** Declarations of rows 0-4, on their way into the library. */
export const typesFolder = join(root, '.cache/types/library');

/** Programs of the development packages, to be started as `node <path>`. */
export const programs = {
  biome: join(root, 'node_modules/@biomejs/biome/bin/biome'),
  playwright: join(root, 'node_modules/@playwright/test/cli.js'),
  tsc: join(root, 'node_modules/typescript/bin/tsc'),
  vitest: join(root, 'node_modules/vitest/vitest.mjs'),
};
