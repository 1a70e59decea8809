/** Modules of the build: the compiled kernel as base64 (src/tooling/kernel.mjs). */
declare module 'virtual:kernel-simd' {
  const base64: string;
  export default base64;
}
declare module 'virtual:kernel-scalar' {
  const base64: string;
  export default base64;
}
