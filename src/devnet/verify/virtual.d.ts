/** The program of src/devnet/verify/sliver-worker.ts as one CommonJS script (src/tooling/sliver-worker.mjs). */
declare module 'virtual:sliver-worker' {
  const code: string;
  export default code;
}
