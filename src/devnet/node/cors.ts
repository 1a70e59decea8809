export interface CorsSettings {
  /** seconds that browsers may keep the answer to a preflight; real nodes do not say */
  readonly maxAgeSeconds?: number;
  /** no header at all, as behind a proxy that strips them */
  readonly off?: boolean;
  /** no header on answers from 400 on */
  readonly offOnErrors?: boolean;
}

const VARY = 'origin, access-control-request-method, access-control-request-headers';

/** The answer to any OPTIONS. */
export function preflightReply(settings: CorsSettings): Response {
  const headers = new Headers({ 'content-length': '0' });
  if (settings.off !== true) {
    headers.set('access-control-allow-origin', '*');
    headers.set('access-control-allow-methods', '*');
    headers.set('access-control-allow-headers', '*');
    headers.set('vary', VARY);
    if (settings.maxAgeSeconds !== undefined) {
      headers.set('access-control-max-age', String(settings.maxAgeSeconds));
    }
  }
  return new Response(null, { status: 200, headers });
}

/** Opens an answer to pages of all origins. */
export function addCors(response: Response, settings: CorsSettings): Response {
  if (settings.off === true || (settings.offOnErrors === true && response.status >= 400)) {
    return response;
  }
  response.headers.set('access-control-allow-origin', '*');
  response.headers.set('vary', VARY);
  return response;
}
