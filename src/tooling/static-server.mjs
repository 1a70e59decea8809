/** A web server for built files on this machine only, with the headers that a real host should send. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, sep } from 'node:path';
import { cacheControl, ownHeaders, securityHeaders } from './csp.mjs';
import { answerLocalNetwork, LOCAL_NETWORK_PATH } from './local-network.mjs';
import { DEV_WALLET_PATH, hostsOfEngine, hostsOfPage, localPage } from './local-page.mjs';
import { devWalletFolder } from './paths.mjs';

const types = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Path inside the site that a request asks for; undefined if it is malformed or leads outside.
 *
 * @param {string} target request target, such as `/assets/a.js?x`
 */
export function pathOf(target) {
  const raw = target.replace(/[?#].*$/s, '');
  try {
    const path = decodeURIComponent(raw);
    const isPlain = path.startsWith('/') && !/[\\\0]/.test(path);
    if (!isPlain || path.split('/').includes('..')) return undefined;
    return path.endsWith('/') ? `${path.slice(1)}index.html` : path.slice(1);
  } catch {
    return undefined;
  }
}

/**
 * @param {string} folder absolute, real
 * @param {string} path from `pathOf`
 */
async function readInside(folder, path) {
  try {
    const file = await realpath(join(folder, path));
    if (!file.startsWith(folder + sep) || !(await stat(file)).isFile()) return undefined;
    return await readFile(file);
  } catch {
    return undefined;
  }
}

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {Uint8Array | string} body
 * @property {string} [path] of the file that was found, inside the folder
 */

/**
 * @param {string} folder absolute, real
 * @param {string} method
 * @param {string} target
 * @returns {Promise<Answer>}
 */
async function answer(folder, method, target) {
  const text = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-cache' };
  if (method !== 'GET' && method !== 'HEAD') {
    return { status: 405, headers: { ...text, Allow: 'GET, HEAD' }, body: 'Method not allowed\n' };
  }
  const path = pathOf(target);
  if (path === undefined) return { status: 400, headers: text, body: 'Bad request\n' };
  // As static hosts do: `/open/compare` is answered by `open/compare.html`, and any other place of the app by
  // `404.html`, whose addresses start at the root.
  const isPlace = extname(target.replace(/[?#].*$/s, '')) === '';
  const files = isPlace ? [path, `${path}.html`, '404.html'] : [path];
  for (const file of files) {
    const body = await readInside(folder, file);
    if (body === undefined) continue;
    const type = types[/** @type {keyof typeof types} */ (extname(file))];
    return {
      status: 200,
      headers: {
        'Content-Type': type ?? 'application/octet-stream',
        'Cache-Control': cacheControl(file),
      },
      body,
      path: file,
    };
  }
  return { status: 404, headers: text, body: 'Not found\n' };
}

/**
 * The same for pages that are told their network; a local one's wallet lies beside them.
 *
 * @param {string} folder absolute, real
 * @param {string} method
 * @param {string} target
 * @param {import('./local-page.mjs').ServedNetwork} network
 * @returns {Promise<Answer>}
 */
async function answerFor(folder, method, target, network) {
  if (typeof network === 'object' && target.startsWith(DEV_WALLET_PATH)) {
    return answer(devWalletFolder, method, target.slice(DEV_WALLET_PATH.length - 1));
  }
  const result = await answer(folder, method, target);
  const isPage = result.headers['Content-Type'] === types['.html'];
  return isPage ? { ...result, body: localPage(String(result.body), network) } : result;
}

/**
 * @param {import('./local-page.mjs').ServedNetwork} network
 * @returns {network is import('./local-page.mjs').LocalNetwork & import('./local-network.mjs').ControlledNetwork}
 */
function isControlled(network) {
  return typeof network === 'object' && 'adminToken' in network;
}

/**
 * Serves a folder on 127.0.0.1.
 *
 * @param {object} o
 * @param {string} o.folder
 * @param {number} [o.port] 0 (default): any free one; else this one or, if it is taken, any free one
 * @param {import('./local-page.mjs').ServedNetwork} [o.network] the one that the pages shall work on, a local one with
 *   its development wallet (`dist/dev-wallet`); without, the one that they were built for
 * @param {Record<string, string>} [o.headers] default: `securityHeaders()`
 * @returns {Promise<{ url: string, close(): Promise<void> }>} `url` ends with a slash
 */
export async function serve({ folder, port = 0, network, headers }) {
  const real = await realpath(folder);
  const usual = headers ?? securityHeaders(hostsOfPage(network));
  const own = (/** @type {string} */ path) =>
    headers ? {} : ownHeaders(path, hostsOfEngine(network));
  const server = createServer(async (request, response) => {
    const { method = 'GET', url = '/' } = request;
    const result = await (network === undefined
      ? answer(real, method, url)
      : isControlled(network) && url.startsWith(LOCAL_NETWORK_PATH)
        ? answerLocalNetwork(request, network)
        : answerFor(real, method, url, network));
    response.writeHead(result.status, {
      ...usual,
      ...own(result.path ?? ''),
      ...result.headers,
      'Content-Length': Buffer.byteLength(result.body),
    });
    response.end(method === 'HEAD' ? undefined : result.body);
  });
  const listen = (/** @type {number} */ wanted) =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject);
        resolve(undefined);
      });
    });
  await listen(port).catch((error) => {
    if (port === 0 || error.code !== 'EADDRINUSE') throw error;
    return listen(0);
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
