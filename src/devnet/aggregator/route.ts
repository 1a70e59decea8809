import { parseBlobId } from '../../protocol/blob-id.ts';
import { FrameworkError } from '../node/errors.ts';
import { badQuery, flagOf } from '../node/route.ts';
import { AggregatorError } from './errors.ts';
import { type PatchPlace, parsePatchId } from './quilt.ts';
import type { Consistency } from './read-blob.ts';

/** What a path asks for. */
export type Asked = { readonly query: URLSearchParams; readonly consistency: Consistency } & (
  | { readonly kind: 'blob' | 'stream' | 'byte-range' | 'patches'; readonly blobId: string }
  | { readonly kind: 'object'; readonly objectId: string }
  | { readonly kind: 'patch'; readonly blobId: string; readonly place: PatchPlace }
  | { readonly kind: 'identifier'; readonly blobId: string; readonly identifier: string }
  | { readonly kind: 'concat'; readonly ids: readonly string[] }
  | { readonly kind: 'status' | 'api' }
);

type Found = { [key: string]: unknown; kind: Asked['kind'] };
interface Shape {
  readonly pattern: RegExp;
  readonly parameters: readonly string[];
  build(segments: readonly string[], query: URLSearchParams): Found;
}

const CHECKS = ['strict_consistency_check', 'skip_consistency_check'];
const SHAPES: readonly Shape[] = [
  {
    pattern: /^\/v1\/blobs\/by-object-id\/([^/]+)$/,
    parameters: CHECKS,
    build: ([id]) => ({ kind: 'object', objectId: objectIdOf(id) }),
  },
  {
    pattern: /^\/v1\/blobs\/by-quilt-patch-id\/([^/]+)$/,
    parameters: CHECKS,
    build: ([id]) => patchOf(id),
  },
  {
    pattern: /^\/v1\/blobs\/by-quilt-id\/([^/]+)\/([^/]+)$/,
    parameters: CHECKS,
    build: ([id, identifier]) => ({ kind: 'identifier', blobId: blobIdOf(id), identifier }),
  },
  {
    pattern: /^\/v1\/blobs\/([^/]+)\/byte-range$/,
    parameters: ['start', 'length'],
    build: ([id]) => ({ kind: 'byte-range', blobId: blobIdOf(id) }),
  },
  {
    pattern: /^\/v1\/blobs\/([^/]+)$/,
    parameters: CHECKS,
    build: ([id]) => ({ kind: 'blob', blobId: blobIdOf(id) }),
  },
  {
    pattern: /^\/v1\/quilts\/([^/]+)\/patches$/,
    parameters: [],
    build: ([id]) => ({ kind: 'patches', blobId: blobIdOf(id) }),
  },
  {
    pattern: /^\/v1alpha\/blobs\/concat$/,
    parameters: ['ids'],
    build: (_, query) => ({ kind: 'concat', ids: (query.get('ids') ?? '').split(',') }),
  },
  {
    pattern: /^\/v1alpha\/blobs\/([^/]+)\/stream$/,
    parameters: [],
    build: ([id]) => ({ kind: 'stream', blobId: blobIdOf(id) }),
  },
  { pattern: /^\/status$/, parameters: [], build: () => ({ kind: 'status' }) },
  { pattern: /^\/v1\/api$/, parameters: [], build: () => ({ kind: 'api' }) },
];

/**
 * Finds out what a request wants.
 *
 * @throws FrameworkError 404, 405, 400 in plain text; AggregatorError 400
 */
export function askedOf(method: string, { pathname, searchParams: query }: URL): Asked {
  for (const { pattern, parameters, build } of SHAPES) {
    const match = pattern.exec(pathname);
    if (match === null) continue;
    const isConcat = pathname.endsWith('/concat') && method === 'POST';
    if (method !== 'GET' && method !== 'HEAD' && !isConcat) {
      throw new FrameworkError(405, '', 'GET,HEAD');
    }
    const found = build(match.slice(1).map(decoded), query);
    for (const name of query.keys()) {
      if (!parameters.includes(name)) throw badQuery(`unknown field \`${name}\``);
      if (query.getAll(name).length > 1) throw badQuery(`duplicate field \`${name}\``);
    }
    const [strict, skip] = CHECKS.map((name) => flagOf(query, name));
    if (strict && skip) throw new AggregatorError('INVALID_ARGUMENT', CHECKS.join(' and '));
    return { ...found, query, consistency: strict ? 'strict' : 'default' } as unknown as Asked;
  }
  throw new FrameworkError(404, '');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badSegment('is not UTF-8');
  }
}

function patchOf(text = ''): Found {
  const patch = parsePatchId(text);
  if (patch === undefined) throw badSegment('is not a quilt patch ID');
  const { blobId, ...place } = patch;
  return { kind: 'patch', blobId, place };
}

export function blobIdOf(text = ''): string {
  try {
    parseBlobId(text);
    return text;
  } catch {
    throw badSegment('is not a blob ID');
  }
}

export function objectIdOf(text = ''): string {
  if (!/^0x[0-9a-fA-F]{1,64}$/.test(text)) throw badSegment('is not an object ID');
  return `0x${text.slice(2).toLowerCase().padStart(64, '0')}`;
}

const badSegment = (why: string) =>
  new FrameworkError(400, `Invalid URL: a part of the path ${why}`);
