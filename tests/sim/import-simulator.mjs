import { register } from 'node:module';

/** @typedef {typeof import('./main.ts')} Simulator */

let isHooked = false;

/** @param {string} file that `buildSimulator` has made @returns {Promise<Simulator>} */
export function importSimulator(file) {
  if (!isHooked) register('./curves-hook.mjs', import.meta.url);
  isHooked = true;
  return import(file);
}
