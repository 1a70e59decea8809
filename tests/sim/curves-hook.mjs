/** Gives modules the curves of `native-curves.mjs`. */
const NATIVE = new URL('./native-curves.mjs', import.meta.url).href;
const CURVES = ['@noble/curves/ed25519.js', '@noble/curves/nist.js'];

/** @type {import('node:module').ResolveHook} */
export const resolve = (specifier, context, next) =>
  CURVES.includes(specifier) && context.parentURL !== NATIVE
    ? { url: NATIVE, format: 'module', shortCircuit: true }
    : next(specifier, context);
