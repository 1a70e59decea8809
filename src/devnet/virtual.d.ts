/** The program of src/devnet/codec-worker.ts as one CommonJS script (src/tooling/sliver-worker.mjs). */
declare module 'virtual:codec-worker' {
  const code: string;
  export default code;
}

/** A file as text. */
declare module '*?raw' {
  const text: string;
  export default text;
}
