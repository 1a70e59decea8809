/**
 * `npm start`: the app, and with it a local Walrus network to try it on. Builds what changed.
 *
 * `-- --network testnet` or `mainnet`: the app alone. `--port N` is the app's port. `--profile`, `--nodes`, `--shards`,
 * `--data`, `--seed`, `--fault`, `--tip` and `--network-port` (instead of `--port`) are those of `npm run devnet`.
 */
import { parseArgs } from 'node:util';
import { buildAppIfChanged } from './build-app.mjs';
import { buildDevWalletIfChanged } from './build-dev-wallet.mjs';
import { loadDevnet } from './build-devnet.mjs';
import { siteFolder } from './paths.mjs';
import { isFresh } from './sources.mjs';
import { serve } from './static-server.mjs';
import { untilStopped } from './until-stopped.mjs';

const NETWORKS = ['local', 'testnet', 'mainnet'];
const FORWARDED = ['profile', 'nodes', 'shards', 'data', 'seed', 'fault', 'tip'];

const text = /** @type {const} */ ({ type: 'string' });
const { values } = readWords();

if (!isFresh(siteFolder)) console.log('Building the app ...');
const isLocal = values['network'] === 'local';
const [network] = await Promise.all([
  isLocal ? startNetwork() : undefined,
  buildAppIfChanged(),
  isLocal ? buildDevWalletIfChanged() : undefined,
]);
const { url } = await serve({
  folder: siteFolder,
  port: Number(values['port']),
  network: network?.description ?? (values['network'] === 'mainnet' ? 'mainnet' : 'testnet'),
});
if (network === undefined) {
  console.log(
    `Haulout for ${values['network']} runs on this machine only; Ctrl+C ends it. Open\n${url}`,
  );
} else {
  const place = `Haulout and its network run on this machine only; Ctrl+C ends them. Open\n${url}`;
  await untilStopped(
    () => network.close(),
    () => console.log(`${network.text}\n${place}`),
  );
}

function readWords() {
  try {
    const parsed = parseArgs({
      options: {
        port: { ...text, default: '8117' },
        network: { ...text, default: 'local' },
        'network-port': text,
        ...Object.fromEntries(FORWARDED.map((name) => [name, text])),
      },
    });
    const { network, port } = parsed.values;
    if (!NETWORKS.includes(String(network))) {
      throw new Error(`--network is one of ${NETWORKS.join(', ')}`);
    }
    if (!/^\d{1,5}$/.test(String(port)) || Number(port) > 65_535) {
      throw new Error('--port is 0 to 65535');
    }
    return parsed;
  } catch (error) {
    return stop(/** @type {Error} */ (error).message);
  }
}

async function startNetwork() {
  const { startFrom, sentenceOf } = await loadDevnet();
  /** @type {Record<string, string | boolean | undefined>} */
  const given = values;
  const own = FORWARDED.filter((name) => given[name] !== undefined);
  const words = own.flatMap((name) => [`--${name}`, String(given[name])]);
  if (given['network-port'] !== undefined) words.push('--port', String(given['network-port']));
  // As large as the public networks, with few enough nodes to start at once.
  if (!own.includes('profile') && !own.includes('nodes')) words.push('--profile', 'handful-real');
  try {
    const started = await startFrom(words);
    if (typeof started !== 'string') return started;
    return stop(started);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    return stop(sentence);
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
