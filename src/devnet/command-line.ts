import { parseArgs } from 'node:util';
import { PROFILES, type ProfileName } from './committee.ts';
import { DEFAULT_PORT } from './data-folder.ts';
import { isPreset, PRESET_NAMES, type PresetName } from './presets.ts';

/** What the command line says, with nothing left open. */
export interface CommandLine {
  readonly profile: ProfileName | undefined;
  /** shards of each node */
  readonly weights: readonly number[];
  readonly shuffle: boolean;
  /** undefined: that of the data, or the usual one */
  readonly basePort: number | undefined;
  /** undefined: nothing is kept */
  readonly data: string | undefined;
  readonly durability: 'strict' | 'relaxed';
  readonly seed: string;
  readonly fault: PresetName | undefined;
  readonly tip: string;
  readonly epochMs: number | undefined;
  /** nodes hear of the chain after so long at most; undefined: as on the public networks */
  readonly lagMs: number | undefined;
  /** PEM files for the nodes' TLS and HTTP/2, or an authority made for this run */
  readonly tls: { readonly cert: string; readonly key: string } | 'local' | undefined;
  /** file that gets a line of JSON for each request to a node */
  readonly log: string | undefined;
  readonly json: boolean;
}

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const MAX_NODES = 1_000;

export const HELP = `A local Walrus and Sui: storage nodes, chain, faucet, upload relay, aggregator.

  --profile P      ${Object.keys(PROFILES).join(', ')} (default tiny)
  --nodes N --shards S   so many nodes and shards instead of a profile
  --shuffle        give shards to nodes at random
  --port BASE      first port (default: that of the data, else ${DEFAULT_PORT}); 0: any free ones
  --data DIR       where everything is kept (default .devnet/<profile>); none: in memory only
  --durable        wait for the disk with every write
  --seed S         draws all keys, ids and faults (default haulout)
  --fault PRESET   ${PRESET_NAMES.join(', ')}
  --tip TIP        what the relay wants: none, const:105, linear:101,42 (default none)
  --epoch SECONDS  length of an epoch (default a day)
  --lag MS         nodes hear of the chain within so long (default: 300 to 1500 ms, as on the public networks)
  --tls            the nodes speak TLS and HTTP/2, certified by an authority made for this run (<data>/ca.pem)
  --cert FILE --key FILE  the same with a certificate of yours (PEM)
  --log FILE       adds a line of JSON to a file for every request to a node
  --json           one line of JSON instead of a table
`;

/** @throws UsageError */
export function readCommandLine(words: readonly string[]): CommandLine | 'help' {
  const values = parsed(words);
  if (values.help) return 'help';
  const profile = profileOf(values);
  const weights =
    profile === undefined
      ? evenWeights(wholeNumber('nodes', values.nodes), wholeNumber('shards', values.shards))
      : PROFILES[profile];
  const { fault, seed = 'haulout', tip = 'none' } = values;
  if (fault !== undefined && !isPreset(fault)) {
    throw new UsageError(`--fault is one of ${PRESET_NAMES.join(', ')}`);
  }
  if (!/^(none|const:\d{1,15}|linear:\d{1,15},\d{1,15})$/.test(tip)) {
    throw new UsageError('--tip is none, const:<MIST> or linear:<base>,<per KiB>');
  }
  const basePort = values.port === undefined ? undefined : wholeNumber('port', values.port);
  if ((basePort ?? 0) + weights.length + 5 > 65_535)
    throw new UsageError('--port leaves too few ports');
  const { cert, key } = values;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('--cert and --key belong together');
  }
  const folder = profile ?? `${weights.length}-nodes`;
  const { data = `.devnet/${folder}` } = values;
  const seconds = values.epoch === undefined ? undefined : wholeNumber('epoch', values.epoch);
  return {
    profile,
    weights,
    basePort,
    seed,
    tip,
    fault,
    shuffle: values.shuffle ?? false,
    data: data === 'none' ? undefined : data,
    durability: values.durable ? 'strict' : 'relaxed',
    tls: cert !== undefined && key !== undefined ? { cert, key } : values.tls ? 'local' : undefined,
    epochMs: seconds === undefined ? undefined : Math.max(1, seconds) * 1_000,
    lagMs: values.lag === undefined ? undefined : wholeNumber('lag', values.lag),
    log: values.log,
    json: values.json ?? false,
  };
}

function parsed(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...words],
      options: {
        ...{ profile: text, nodes: text, shards: text, port: text, data: text, seed: text },
        ...{ fault: text, tip: text, epoch: text, lag: text, cert: text, key: text, log: text },
        ...{ shuffle: flag, durable: flag, json: flag, tls: flag, help: flag },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function profileOf(values: { profile?: string; nodes?: string; shards?: string }) {
  const own = values.nodes !== undefined || values.shards !== undefined;
  if (own && values.profile !== undefined) {
    throw new UsageError('give either --profile, or --nodes and --shards');
  }
  if (own && (values.nodes === undefined || values.shards === undefined)) {
    throw new UsageError('--nodes and --shards belong together');
  }
  if (own) return undefined;
  const { profile = 'tiny' } = values;
  if (Object.hasOwn(PROFILES, profile)) return profile as ProfileName;
  throw new UsageError(`--profile is one of ${Object.keys(PROFILES).join(', ')}`);
}

/** As even as it goes, the first ones one more. */
function evenWeights(nodes: number, shards: number): number[] {
  if (nodes < 1 || nodes > MAX_NODES) throw new UsageError(`--nodes is 1 to ${MAX_NODES}`);
  if (shards < 4 || shards > 1_000 || shards < nodes) {
    throw new UsageError('--shards is 4 to 1000, and at least one for each node');
  }
  return Array.from({ length: nodes }, (_, i) => {
    return Math.floor(shards / nodes) + (i < shards % nodes ? 1 : 0);
  });
}

function wholeNumber(name: string, text = ''): number {
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} is not a number`);
  return Number(text);
}
