/** Attributes and tags that may become headers, as operators allow them by default. */
const ALLOWED = [
  ...['content-type', 'authorization', 'content-disposition', 'content-encoding'],
  ...['content-language', 'content-location', 'link'],
];

const CACHE = 'public, max-age=86400, stale-while-revalidate=3600';

/** The headers of an answer with content. @param etag without quotes, as the real aggregator sends it */
export function contentHeaders(
  request: Request,
  etag: string,
  attributes: Iterable<readonly [string, string]> = [],
): Headers {
  const headers = new Headers({
    'x-content-type-options': 'nosniff',
    'cache-control': CACHE,
    etag,
  });
  const type = mirroredType(request);
  if (type !== undefined) headers.set('content-type', type);
  for (const [name, value] of attributes) {
    if (!ALLOWED.includes(name.toLowerCase())) continue;
    try {
      headers.set(name, value);
    } catch {
      // an attribute is any text; a header is not
    }
  }
  return headers;
}

/** The type that the request asks for, or has itself. */
function mirroredType(request: Request): string | undefined {
  const accept = request.headers.get('accept');
  if (accept !== null && !accept.includes('*')) return accept;
  return request.headers.get('content-type') ?? undefined;
}
