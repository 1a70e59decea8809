/**
 * `npm run build`: `dist/app` (a static site for any host), `dist/lib` (the library) and `dist/devnet` (the local
 * network), and their sizes.
 */
import { buildApp } from './build-app.mjs';
import { buildDevnetIfChanged } from './build-devnet.mjs';
import { buildLibrary } from './build-library.mjs';
import { excess, firstScreenSizes, kernelSizes, sizeTable } from './sizes.mjs';
import { step } from './step.mjs';

/** @param {() => Promise<void>} work */
const quietly = (work) => async () => {
  await work();
  return { ok: true, output: '' };
};

const results = [
  await step('dist/app', quietly(buildApp)),
  await step('dist/lib', quietly(buildLibrary)),
  await step('dist/devnet', quietly(buildDevnetIfChanged)),
];
if (results.every(Boolean)) {
  const sizes = [...kernelSizes(), ...firstScreenSizes()];
  console.log(sizeTable(sizes));
  for (const sentence of excess(sizes)) {
    console.log(sentence);
    process.exitCode = 1;
  }
} else process.exitCode = 1;
