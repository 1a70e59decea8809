import tokens from '../../presentation/tokens.css?raw';
import style from './page/admin.css?raw';
import page from './page/admin.html?raw';
import script from './page/admin.js?raw';
import icon from './page/icon.svg?raw';

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const FILES: Record<string, readonly [type: string, text: string]> = {
  '/': ['text/html; charset=utf-8', page],
  '/admin.css': ['text/css; charset=utf-8', `${tokens}\n${style}`],
  '/icon.svg': ['image/svg+xml', icon],
  '/admin.js': ['text/javascript; charset=utf-8', script],
};

/** A file of the admin page, if that is what the request asks for. */
export function pageFile(request: Request): Response | undefined {
  const [type, text] = FILES[new URL(request.url).pathname] ?? [];
  if (text === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    return undefined;
  }
  return new Response(text, {
    headers: {
      'content-type': type ?? '',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    },
  });
}
