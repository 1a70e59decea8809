/** What a server on this machine changes in the built pages, so that they work on the network that it was told. */

/**
 * @typedef {object} LocalNetwork the description that a local network gives of itself
 * @property {string} rpcUrl
 * @property {string} faucetUrl
 */
/** @typedef {LocalNetwork | 'testnet' | 'mainnet'} ServedNetwork */

/** Where the development wallet lies on the server of a local network. */
export const DEV_WALLET_PATH = '/dev-wallet/';

/**
 * The origins that a page asks itself; all others are for its workers.
 *
 * @param {ServedNetwork | undefined} network
 */
export function hostsOfPage(network) {
  return typeof network === 'object' ? [network.rpcUrl, network.faucetUrl] : [];
}

/**
 * What the engine asks, beside hosts that it reaches by https: a local network has a port for each node.
 *
 * @param {ServedNetwork | undefined} network
 */
export function hostsOfEngine(network) {
  return typeof network === 'object' ? ['http://127.0.0.1:*'] : [];
}

/**
 * Names the network. A local one's hosts are allowed, and the development wallet is put beside the page, as an
 * extension of the browser would put one.
 *
 * @param {string} html
 * @param {ServedNetwork} network
 */
export function localPage(html, network) {
  const named = html.replace(
    /(<meta name="haulout-network" content=")[^"]*/,
    (_, start) => start + toldToPage(network),
  );
  if (typeof network === 'string') return named;
  return named
    .replace('connect-src ', `connect-src ${hostsOfPage(network).join(' ')} `)
    .replace(
      '</head>',
      `<link rel="stylesheet" href="${DEV_WALLET_PATH}main.css">` +
        `<script type="module" src="${DEV_WALLET_PATH}main.js"></script></head>`,
    );
}

/** All but the keys to the network, as the value of an attribute. @param {ServedNetwork} network */
function toldToPage(network) {
  if (typeof network === 'string') return network;
  const told = { ...network, accounts: undefined, adminToken: undefined, authority: undefined };
  return JSON.stringify(told).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}
