/** Catalogs as `src/tooling/messages.mjs` compiles them: a string, or a function of its values. */
declare module 'virtual:messages/*' {
  const messages: Record<string, import('@internationalized/string').LocalizedString>;
  export default messages;
}
