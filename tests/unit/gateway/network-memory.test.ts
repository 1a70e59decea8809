import { describe, expect, it } from 'vitest';
import { TESTNET } from '../../../src/chain/network-info.ts';
import { messageIn, networkInPage } from '../../../src/gateway/messages-in.ts';
import { type GatewayStores, NetworkMemory } from '../../../src/gateway/network-memory.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';
import { localPage } from '../../../src/tooling/local-page.mjs';

const LOCAL = {
  ...TESTNET,
  network: 'localnet',
  faucetUrl: 'http://a.test/?a=1&b="',
  nodes: [{ url: 'http://n.test' }],
};
const HTML = '<head><meta name="haulout-network" content="testnet" /></head>';

describe('messageIn', () => {
  const root = new URL('https://host.test/sub/');
  const page = { url: 'https://host.test/sub/b/x' };

  it.each([
    { kind: 'claim' },
    { kind: 'network', network: 'mainnet' },
    { kind: 'network', network: LOCAL },
  ])('takes %j', (message) => {
    expect(messageIn(structuredClone({ ...message, more: 1 }), page, root)).toEqual(message);
  });

  it.each([
    ...[null, 'network', 3, [], { kind: 'other' }, { kind: 'tell', blobId: 'x' }],
    ...[
      { kind: 'network' },
      { kind: 'network', network: 'devnet' },
      { kind: 'network', network: {} },
    ],
    { kind: 'network', network: { ...LOCAL, rpcUrl: 3 } },
    { kind: 'network', network: { ...LOCAL, network: 'mainnet' } },
    { kind: 'network', network: { ...LOCAL, nodes: [{}] } },
  ])('leaves %j', (data) => {
    expect(messageIn(data, page, root)).toBeUndefined();
  });

  it.each([
    ...[null, {}, { url: '' }, { url: 'https://host.test/' }, { url: 'https://host.test/sub' }],
    ...[{ url: 'https://host.test/submarine/' }, { url: 'https://other.test/sub/' }],
  ])('believes nobody but pages of the app: %j', (from) => {
    for (const message of [{ kind: 'claim' }, { kind: 'network', network: 'mainnet' }]) {
      expect(messageIn(message, from, root)).toBeUndefined();
    }
  });
});

describe('networkInPage', () => {
  it('reads what is built, and what a server on this machine puts there', () => {
    expect(networkInPage(HTML)).toBe('testnet');
    expect(networkInPage(localPage(HTML, 'mainnet'))).toBe('mainnet');
    expect(networkInPage(localPage(HTML, LOCAL))).toEqual(LOCAL);
    for (const html of ['', HTML.replace('testnet', 'x'), HTML.replace('testnet', '{}')]) {
      expect(networkInPage(html)).toBeUndefined();
    }
  });
});

describe('NetworkMemory', () => {
  const store = new MemoryStore<GatewayStores>();
  const memory = (o: { html?: string; place?: string } = {}) =>
    new NetworkMemory({ store, place: o.place ?? '/', keptPage: async () => o.html });

  it('knows nothing, then what the page is served for, then what it was told, over its end', async () => {
    expect(await memory().now()).toBeUndefined();
    expect(await memory({ html: HTML }).now()).toBe('testnet');
    const first = memory({ html: HTML });
    await first.now();
    await first.keep('mainnet');
    expect(await first.now()).toBe('mainnet');
    expect(await memory({ html: HTML }).now()).toBe('mainnet');
    expect(await memory({ html: HTML, place: '/sub/' }).now()).toBe('testnet');
  });

  it('gives the network that is named, whatever another tab has told since', async () => {
    const one = memory({ html: HTML, place: '/two/' });
    expect(await one.now('mainnet')).toBe('mainnet');
    await one.keep('mainnet');
    expect(await one.now('testnet')).toBe('testnet');
    expect(await one.now('localnet')).toBeUndefined();
    expect(await one.now()).toBe('mainnet');
    const local = memory({ html: localPage(HTML, LOCAL), place: '/two/local/' });
    expect(await local.now('localnet')).toEqual(LOCAL);
    expect(await local.now('testnet')).toBe('testnet');
    await local.keep('testnet');
    expect(await local.now('localnet')).toEqual(LOCAL);
  });

  it('begins nothing anew where the same is told once more', async () => {
    const one = memory({ html: localPage(HTML, LOCAL), place: '/again/' });
    await one.keep(LOCAL as never);
    const before = await one.now();
    await one.keep(structuredClone(LOCAL) as never);
    expect(before).toBeDefined();
    expect(await one.now()).toBe(before);
  });

  it('holds what it is told where nothing can be kept', async () => {
    const broken = new MemoryStore<GatewayStores>();
    broken.get = () => Promise.reject(new Error('no database'));
    broken.commit = () => Promise.reject(new Error('no database'));
    const one = new NetworkMemory({ store: broken, place: '/', keptPage: async () => undefined });
    expect(await one.now()).toBeUndefined();
    await one.keep('testnet');
    expect(await one.now()).toBe('testnet');
  });

  it('believes no page that names a local network, unless the app is served for one', async () => {
    const elsewhere = memory({ html: HTML, place: '/public/' });
    await elsewhere.keep(LOCAL as never);
    expect(await elsewhere.now()).toBe('testnet');
    const local = memory({ html: localPage(HTML, LOCAL), place: '/local/' });
    await local.keep(LOCAL as never);
    expect(await local.now()).toEqual(LOCAL);
  });
});
