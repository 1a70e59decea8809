/**
 * Lets the page of a local network see and change its bad days. The network's own control port wants a token, which no
 * page is told; this server has it, and serves its own page only.
 */

/** Below it, on the server that serves the page. */
export const LOCAL_NETWORK_PATH = '/local-network/';

/**
 * @typedef {object} ControlledNetwork
 * @property {string} adminUrl
 * @property {string} adminToken
 */

const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * `GET day`: the bad days there are, and which is on. `POST day` with `{"name": …}` begins one, with `null` ends it.
 * `POST epoch`: the running period ends now.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {ControlledNetwork} network
 * @returns {Promise<import('./static-server.mjs').Answer>}
 */
export async function answerLocalNetwork(request, network) {
  const { method = 'GET', url = '' } = request;
  const asked = `${method} ${url.slice(LOCAL_NETWORK_PATH.length)}`;
  if (!isHere(request) || (method !== 'GET' && !isFromOwnPage(request)))
    return json(403, { error: 'not from here' });
  try {
    if (asked === 'GET day') return json(200, await today(network));
    if (asked === 'POST day') {
      const { name } = await bodyOf(request);
      const day = name === null ? ['DELETE', undefined] : ['POST', { name }];
      await control(network, String(day[0]), '/admin/preset', day[1]);
      return json(200, await today(network));
    }
    if (asked === 'POST epoch') return json(200, await control(network, 'POST', '/admin/epoch'));
  } catch (error) {
    return json(502, { error: error instanceof Error ? error.message : String(error) });
  }
  return json(404, { error: 'nothing is here' });
}

/** @param {ControlledNetwork} network */
async function today(network) {
  const { preset, presets } = await control(network, 'GET', '/admin/state');
  return { day: preset, days: presets };
}

/**
 * @param {ControlledNetwork} network
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function control({ adminUrl, adminToken }, method, path, body) {
  const response = await fetch(`${adminUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text === '' ? {} : JSON.parse(text);
}

/**
 * Pages of other sites can send such a request too, but browsers tell where it comes from. (Not by `Origin`, which is
 * `null` for a page that sends no referrer.)
 *
 * @param {import('node:http').IncomingMessage} request
 */
function isFromOwnPage({ headers }) {
  return headers['sec-fetch-site'] === 'same-origin';
}

/** A name of somebody else may lead here as well. @param {import('node:http').IncomingMessage} request */
function isHere({ headers: { host = '' } }) {
  return /^(127\.0\.0\.1|localhost):\d+$/.test(host);
}

/** @param {import('node:http').IncomingMessage} request @returns {Promise<{ name?: unknown }>} */
async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 10_000) throw new Error('too long');
  }
  return JSON.parse(text);
}

/** @param {number} status @param {unknown} value */
function json(status, value) {
  const headers = { 'Content-Type': JSON_TYPE, 'Cache-Control': 'no-store' };
  return { status, headers, body: JSON.stringify(value) };
}
