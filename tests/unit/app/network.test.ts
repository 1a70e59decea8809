import { expect, it } from 'vitest';
import { pageNetwork } from '../../../src/app/network.ts';
import { localPage } from '../../../src/tooling/local-page.mjs';
import { expectError } from '../../support/expect-error.ts';

const LOCAL = {
  ...{ network: 'localnet', chainId: 'a"b&c', rpcUrl: 'http://127.0.0.1:1' },
  ...{ faucetUrl: 'http://127.0.0.1:2', adminToken: 'secret', accounts: [{ secretKey: 'secret' }] },
};
const PAGE =
  '<head><meta http-equiv="Content-Security-Policy" content="connect-src &#39;self&#39;; base-uri">' +
  '<meta name="haulout-network" content="testnet"></head>';

/** What a browser reads as the network of a page. */
function contentOf(html: string): string | undefined {
  const [, content] = html.match(/<meta name="haulout-network" content="([^"]*)"/) ?? [];
  return content?.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}

it('is the public one that the page names', () => {
  expect(pageNetwork('testnet')).toMatchObject({ name: 'testnet', network: 'testnet' });
  expect(pageNetwork(contentOf(localPage(PAGE, 'mainnet'))).name).toBe('mainnet');
});

it('is another public one if the person wishes, and never one that is none', () => {
  expect(pageNetwork('testnet', 'mainnet')).toMatchObject({ name: 'mainnet', network: 'mainnet' });
  expect(pageNetwork('testnet', 'localnet').name).toBe('testnet');
  expect(pageNetwork(contentOf(localPage(PAGE, LOCAL)), 'mainnet').name).toBe('localnet');
});

it('is the local one that serves the page, without the keys to it', () => {
  const html = localPage(PAGE, LOCAL);
  const { name, network } = pageNetwork(contentOf(html));
  expect(name).toBe('localnet');
  expect(network).toMatchObject({ chainId: LOCAL.chainId, rpcUrl: LOCAL.rpcUrl });
  expect(html).not.toContain('secret');
  expect(html).toContain(`connect-src ${LOCAL.rpcUrl} ${LOCAL.faucetUrl} &#39;self&#39;;`);
});

it.each([undefined, '', 'devnet', '{', '{"network":"mainnet"}', 'null'])(
  'is never guessed: %s',
  (content) => expectError(() => pageNetwork(content), 'argument-invalid'),
);
