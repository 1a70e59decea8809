/**
 * `npm run build`: `dist/app` (a static site for any host), `dist/lib` (the library), `dist/devnet` (the local
 * network) with `dist/dev-wallet` (its wallet), and their sizes.
 *
 * `-- --base /path/`: where on its host the site will lie, if not at the root. Only `404.html` depends on it.
 */
import { parseArgs } from 'node:util';
import { buildApp } from './build-app.mjs';
import { buildDevWalletIfChanged } from './build-dev-wallet.mjs';
import { buildDevnetIfChanged } from './build-devnet.mjs';
import { buildLibrary } from './build-library.mjs';
import { excess, firstScreenSizes, kernelSizes, serviceWorkerSize, sizeTable } from './sizes.mjs';
import { step } from './step.mjs';

/** @param {() => Promise<void>} work */
const quietly = (work) => async () => {
  await work();
  return { ok: true, output: '' };
};

const { base } = parseArgs({ options: { base: { type: 'string' } } }).values;
if (base !== undefined) process.env['HAULOUT_BASE'] = `/${base}/`.replace(/\/+/g, '/');

const results = [
  await step('dist/app', quietly(buildApp)),
  await step('dist/lib', quietly(buildLibrary)),
  await step('dist/devnet', quietly(buildDevnetIfChanged)),
  await step('dist/dev-wallet', quietly(buildDevWalletIfChanged)),
];
if (results.every(Boolean)) {
  const sizes = [...kernelSizes(), ...firstScreenSizes(), serviceWorkerSize()];
  console.log(sizeTable(sizes));
  for (const sentence of excess(sizes)) {
    console.log(sentence);
    process.exitCode = 1;
  }
} else process.exitCode = 1;
