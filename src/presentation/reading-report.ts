import type { RowOrigin } from '../transfer/read/read-types.ts';
import type { Formats } from './format.ts';
import type { Message, MessageKey, Say } from './messages.ts';
import { countParts, type SeenParts } from './verification-map.ts';

const ORIGINS: readonly (readonly [MessageKey, readonly RowOrigin[]])[] = [
  ['viewer.fromNodes', ['node']],
  ['viewer.fromSource', ['source']],
  ['viewer.fromDevice', ['cache']],
  ['viewer.fromOthers', ['recovered', 'decoded']],
];
/** So many parts for which somebody was wrong are named; more are counted. */
const NAMED = 3;
const MANY = {
  'viewer.wrongNodes': 'viewer.wrongNodesMany',
  'viewer.wrongSources': 'viewer.wrongSourcesMany',
} as const;

/** What reading a blob has shown so far, one sentence per line. */
export function readingReport(seen: SeenParts, formats: Formats, say: Say): readonly Message[] {
  const { partCount } = seen;
  if (partCount === 0) return [];
  const { byOrigin, wrong, nodes, slow } = countParts(seen);
  const sources = ORIGINS.flatMap(([key, origins]) => {
    const n = origins.reduce((sum, origin) => sum + byOrigin[origin], 0);
    return n === 0 ? [] : [say(key, { n, nodes: nodes.size })];
  });
  const isAll = seen.parts.size === partCount;
  const some = { done: formats.count(seen.parts.size), all: formats.count(partCount) };
  const wrongOnes = [...wrong.entries()];
  // Nodes go by their object IDs, all others by host.
  const isNode = (name: string) => name.startsWith('0x');
  return [
    isAll
      ? { key: 'viewer.partsAll', values: { n: partCount } }
      : { key: 'viewer.parts', values: some },
    ...(sources.length === 0
      ? []
      : [{ key: 'viewer.sources', values: { list: formats.list(sources) } } as const]),
    ...wrongLine(
      'viewer.wrongNodes',
      wrongOnes.filter(([name]) => isNode(name)),
      formats,
    ),
    ...wrongLine(
      'viewer.wrongSources',
      wrongOnes.filter(([name]) => !isNode(name)),
      formats,
    ),
    ...(slow.size === 0 ? [] : [{ key: 'viewer.slowNodes', values: { n: slow.size } } as const]),
  ];
}

function wrongLine(
  key: keyof typeof MANY,
  wrong: readonly (readonly [name: string, parts: readonly number[]])[],
  formats: Formats,
): readonly Message[] {
  if (wrong.length === 0) return [];
  const parts = [...new Set(wrong.flatMap(([, all]) => all))].sort((a, b) => a - b);
  const values = { n: wrong.length, m: parts.length };
  if (parts.length > NAMED) return [{ key: MANY[key], values }];
  return [
    { key, values: { ...values, parts: formats.list(parts.map((part) => formats.count(part))) } },
  ];
}
