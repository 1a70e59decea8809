/** `node compile-kernel.mjs WORDS`, a process of `kernel.mjs`: runs the AssemblyScript compiler. */
import { setFlagsFromString } from 'node:v8';

// The optimizer is a large program that runs once: to make it fast takes longer than it then saves.
setFlagsFromString('--liftoff-only');
const { default: asc } = await import('assemblyscript/asc');

const { error, stderr } = await asc.main(process.argv.slice(2));
if (error) {
  process.stderr.write(`${error.message}\n${stderr.toString()}`);
  process.exitCode = 1;
}
