import type { Axis } from '../../protocol/axis.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { FrameworkError } from './errors.ts';

export const ROUTE_NAMES = [
  ...(['metadata', 'metadataStatus', 'sliver', 'sliverStatus', 'confirmation'] as const),
  ...(['status', 'symbols', 'inconsistency', 'health', 'api'] as const),
] as const;
export type RouteName = (typeof ROUTE_NAMES)[number];

/** What a path asks for. */
export type Route = {
  readonly query: URLSearchParams;
} & (
  | { readonly name: 'metadata' | 'metadataStatus' | 'status'; readonly blobId: string }
  | {
      readonly name: 'sliver' | 'sliverStatus';
      readonly blobId: string;
      readonly pair: number;
      readonly axis: Axis;
    }
  | { readonly name: 'confirmation'; readonly blobId: string; readonly objectId?: string }
  | { readonly name: 'symbols'; readonly blobId: string; readonly kind: 'recovery' | 'decoding' }
  | { readonly name: 'inconsistency'; readonly blobId: string; readonly axis: Axis }
  | { readonly name: 'health' | 'api' }
);

const PENDING = ['pending'];
const SYNC_SHARD =
  'Nodes of this network fetch shards sliver by sliver, as clients do, and by recovery symbols.';
const WAITING = ['wait_for_registration', 'wait_millis'];

interface Shape {
  readonly pattern: RegExp;
  readonly methods: readonly string[];
  /** query parameters that exist; others are refused where the route looks at its query at all */
  readonly parameters: readonly string[];
  build(segments: readonly string[]): Record<string, unknown>;
}

const shape = (
  pattern: string,
  methods: string,
  parameters: readonly string[],
  build: Shape['build'],
): Shape => ({
  pattern: new RegExp(`^${pattern.replaceAll('*', '([^/]+)')}$`),
  methods: methods.split(' '),
  parameters,
  build,
});

const SHAPES: readonly Shape[] = [
  shape('/v1/blobs/*/metadata', 'GET PUT', PENDING, ([id]) => ({
    name: 'metadata',
    blobId: blobIdOf(id),
  })),
  shape('/v1/blobs/*/metadata/status', 'GET', [], ([id]) => ({
    name: 'metadataStatus',
    blobId: blobIdOf(id),
  })),
  shape('/v1/blobs/*/slivers/*/*', 'GET PUT', PENDING, ([id, pair, axis]) => ({
    name: 'sliver',
    blobId: blobIdOf(id),
    pair: pairOf(pair),
    axis: axisOf(axis),
  })),
  shape('/v1/blobs/*/slivers/*/*/status', 'GET', [], ([id, pair, axis]) => ({
    name: 'sliverStatus',
    blobId: blobIdOf(id),
    pair: pairOf(pair),
    axis: axisOf(axis),
  })),
  shape('/v1/blobs/*/confirmation/permanent', 'GET', WAITING, ([id]) => ({
    name: 'confirmation',
    blobId: blobIdOf(id),
  })),
  shape('/v1/blobs/*/confirmation/deletable/*', 'GET', WAITING, ([id, object]) => ({
    name: 'confirmation',
    blobId: blobIdOf(id),
    objectId: objectIdOf(object),
  })),
  shape('/v1/blobs/*/status', 'GET', [], ([id]) => ({ name: 'status', blobId: blobIdOf(id) })),
  shape(
    '/v1/blobs/*/recoverySymbols',
    'GET',
    ['id', 'targetSliver', 'targetType', 'proofAxis'],
    ([id]) => ({ name: 'symbols', kind: 'recovery', blobId: blobIdOf(id) }),
  ),
  shape('/v1/blobs/*/decodingSymbols', 'GET', ['targetSlivers', 'targetType'], ([id]) => ({
    name: 'symbols',
    kind: 'decoding',
    blobId: blobIdOf(id),
  })),
  shape('/v1/blobs/*/inconsistencyProof/*', 'POST', [], ([id, axis]) => ({
    name: 'inconsistency',
    blobId: blobIdOf(id),
    axis: axisOf(axis),
  })),
  shape('/v1/migrate/sync_shard', 'POST', [], () => {
    throw new FrameworkError(501, SYNC_SHARD);
  }),
  shape('/v1/health', 'GET', ['detailed'], () => ({ name: 'health' })),
  shape('/v1/api', 'GET', [], () => ({ name: 'api' })),
];

/**
 * Finds the route of a request, as the node's framework does: path, then method, then the path's values, then the
 * query.
 *
 * @throws FrameworkError 404, 405 or 400
 */
export function routeOf(method: string, url: URL): Route {
  for (const { pattern, methods, parameters, build } of SHAPES) {
    const match = pattern.exec(url.pathname);
    if (match === null) continue;
    const asked = method === 'HEAD' ? 'GET' : method;
    if (!methods.includes(asked)) {
      const allow = methods.includes('GET') ? ['GET', 'HEAD', ...methods.slice(1)] : methods;
      throw new FrameworkError(405, '', allow.join(','));
    }
    const values = build(match.slice(1).map(decoded));
    checkQuery(url.searchParams, parameters);
    return { ...values, query: url.searchParams } as Route;
  }
  throw new FrameworkError(404, '');
}

/** A flag of the query. @throws FrameworkError 400 unless it is `true`, `false` or absent */
export function flagOf(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text !== 'true' && text !== 'false') throw badQuery(name);
  return text === 'true';
}

/** A whole number of the query, or undefined. @throws FrameworkError 400 for anything else */
export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badQuery(name);
  return Number(text);
}

export function badQuery(name: string): FrameworkError {
  return new FrameworkError(400, `Failed to deserialize query string: ${name}`);
}

function checkQuery(query: URLSearchParams, parameters: readonly string[]): void {
  const many = ['id', 'targetSlivers'];
  for (const name of query.keys()) {
    if (!parameters.includes(name)) throw badQuery(`unknown field ${JSON.stringify(name)}`);
    if (!many.includes(name) && query.getAll(name).length > 1)
      throw badQuery(`${name} is repeated`);
  }
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badSegment('is not UTF-8');
  }
}

function blobIdOf(text = ''): string {
  try {
    parseBlobId(text);
    return text;
  } catch {
    throw badSegment('is not a blob ID');
  }
}

function pairOf(text = ''): number {
  const pair = /^\d{1,6}$/.test(text) ? Number(text) : 65_536;
  if (pair > 65_535) throw badSegment('is not a sliver pair index');
  return pair;
}

function axisOf(text = ''): Axis {
  if (text !== 'primary' && text !== 'secondary') throw badSegment('is not a sliver type');
  return text;
}

function objectIdOf(text = ''): string {
  if (!/^0x[0-9a-fA-F]{1,64}$/.test(text)) throw badSegment('is not an object ID');
  return `0x${text.slice(2).toLowerCase().padStart(64, '0')}`;
}

function badSegment(why: string): FrameworkError {
  return new FrameworkError(400, `Invalid URL: a part of the path ${why}`);
}
