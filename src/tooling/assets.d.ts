/** What the bundler makes of a worker import: the address of the built worker script. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}
