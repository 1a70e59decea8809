/** `node compile-kernel.mjs JSON`, a process of `kernel.mjs`: runs the AssemblyScript compiler with each list of words. */
import { setFlagsFromString } from 'node:v8';

// The optimizer is a large program that runs once: to make it fast takes longer than it then saves.
setFlagsFromString('--liftoff-only');
const { default: asc } = await import('assemblyscript/asc');

for (const words of JSON.parse(process.argv[2] ?? '[]')) {
  const { error, stderr } = await asc.main(words);
  if (error) {
    process.stderr.write(`${error.message}\n${stderr.toString()}`);
    process.exitCode = 1;
    break;
  }
}
