/** `npm run devnet -- [options]`: a local Walrus and Sui. `--help` lists the options. */
import { loadDevnet } from './build-devnet.mjs';
import { untilStopped } from './until-stopped.mjs';

const words = process.argv.slice(2);
const { startFrom, sentenceOf } = await loadDevnet();
try {
  const started = await startFrom(words);
  if (typeof started === 'string') {
    process.stdout.write(started);
  } else {
    const hint = words.includes('--json') ? '' : 'Ctrl+C ends it.\n';
    await untilStopped(
      () => started.close(),
      () => process.stdout.write(started.text + hint),
    );
  }
} catch (error) {
  const sentence = sentenceOf(error);
  if (sentence === undefined) throw error;
  console.error(sentence);
  process.exitCode = 1;
}
