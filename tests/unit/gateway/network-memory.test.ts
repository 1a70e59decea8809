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
  it.each([
    { kind: 'tell', blobId: 'x' },
    { kind: 'network', network: 'mainnet' },
    { kind: 'network', network: LOCAL, aggregators: [] },
    { kind: 'network', network: 'testnet', aggregators: ['https://a.test'] },
  ])('takes %j', (message) => {
    expect(messageIn(structuredClone({ ...message, more: 1 }))).toEqual(message);
  });

  it.each([
    ...[null, 'network', 3, [], { kind: 'other' }, { kind: 'tell' }, { kind: 'tell', blobId: 3 }],
    ...[
      { kind: 'network' },
      { kind: 'network', network: 'devnet' },
      { kind: 'network', network: {} },
    ],
    { kind: 'network', network: { ...LOCAL, rpcUrl: 3 } },
    { kind: 'network', network: { ...LOCAL, network: 'mainnet' } },
    { kind: 'network', network: { ...LOCAL, nodes: [{}] } },
    { kind: 'network', network: 'testnet', aggregators: 'https://a.test' },
    { kind: 'network', network: 'testnet', aggregators: [3] },
    { kind: 'network', network: 'testnet', aggregators: ['javascript:0'] },
  ])('leaves %j', (data) => {
    expect(messageIn(data)).toBeUndefined();
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
    expect(await memory({ html: HTML }).now()).toEqual({ network: 'testnet' });
    const told = { network: 'mainnet', aggregators: [] } as const;
    const first = memory({ html: HTML });
    await first.now();
    await first.keep(told);
    expect(await first.now()).toEqual(told);
    expect(await memory({ html: HTML }).now()).toEqual(told);
    expect(await memory({ html: HTML, place: '/sub/' }).now()).toEqual({ network: 'testnet' });
  });

  it('begins nothing anew where the same is told once more', async () => {
    const one = memory({ place: '/again/' });
    await one.keep({ network: 'testnet' });
    const before = await one.now();
    await one.keep({ network: 'testnet' });
    expect(await one.now()).toBe(before);
  });

  it('holds what it is told where nothing can be kept', async () => {
    const broken = new MemoryStore<GatewayStores>();
    broken.get = () => Promise.reject(new Error('no database'));
    broken.commit = () => Promise.reject(new Error('no database'));
    const one = new NetworkMemory({ store: broken, place: '/', keptPage: async () => undefined });
    expect(await one.now()).toBeUndefined();
    await one.keep({ network: 'testnet' });
    expect(await one.now()).toEqual({ network: 'testnet' });
  });

  it('believes no page that names a local network, unless the app is served for one', async () => {
    const elsewhere = memory({ html: HTML, place: '/public/' });
    await elsewhere.keep({ network: LOCAL as never });
    expect(await elsewhere.now()).toEqual({ network: 'testnet' });
    const local = memory({ html: localPage(HTML, LOCAL), place: '/local/' });
    await local.keep({ network: LOCAL as never });
    expect(await local.now()).toEqual({ network: LOCAL });
  });
});
