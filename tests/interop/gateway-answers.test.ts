import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import type { FromGateway, GatewayNetwork } from '../../src/flows/read/gateway-talk.ts';
import { createReader } from '../../src/flows/store/create-haulout.ts';
import { BlobAnswers, type NetworkReader } from '../../src/gateway/blob-answers.ts';
import { type GatewayStores, NetworkMemory } from '../../src/gateway/network-memory.ts';
import { routeOf } from '../../src/gateway/router.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { localPage } from '../../src/tooling/local-page.mjs';
import { encoder } from '../support/flows/local-client.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type KnownBlob, ReadWorld } from '../support/read-world.ts';

const LENGTH = 70_001;
const ROOT = new URL('https://app.test/sub/');
const OBJECT = `0x${'1'.repeat(64)}`;

let world: ReadWorld;
let blob: KnownBlob;

beforeAll(async () => {
  vi.stubGlobal('navigator', { languages: ['de', 'en-GB'] });
  world = await ReadWorld.open(PROFILES.tiny);
  blob = await world.store(LENGTH);
}, 60_000);
afterAll(async () => {
  vi.unstubAllGlobals();
  await world.close();
});
afterEach(() => world.healAll());

const PAGE = '<head><meta name="haulout-network" content="testnet" /></head>';

/** What chain says of an object; all else is the network's. */
type Object = Awaited<ReturnType<NetworkReader['chain']['blob']>>;
type Attributes = () => Promise<[string, string][]>;

/** The part of a service worker that answers for blobs, just started. */
function gateway(o: { isTold?: boolean; object?: Object; attributes?: Attributes } = {}) {
  const said: FromGateway[] = [];
  const store = new MemoryStore<GatewayStores>();
  const { aggregatorUrl: _, ...description } = world.served.description; // nodes alone
  const page = { html: o.isTold === false ? '' : localPage(PAGE, description) };
  const memory = new NetworkMemory({ store, place: '/sub/', keptPage: async () => page.html });
  const opened: NetworkReader[] = [];
  const answers = new BlobAnswers({
    ...{ memory, root: ROOT },
    openReader(network) {
      const { fetch, chain } = createReader({
        ...{ network, encoder, verifier: encoder },
        clock: quickClock(10), // where nodes are asked again and again
      });
      const { blob: ofChain, attributes } = chain;
      const reader = {
        fetch,
        chain: {
          network: chain.network,
          blob: 'object' in o ? async () => o.object : ofChain.bind(chain),
          attributes: o.attributes ?? attributes.bind(chain),
        },
      };
      opened.push(reader);
      return reader;
    },
  });
  const ready = o.isTold === false ? Promise.resolve() : memory.keep(description);
  const ask = async (path: string, init?: RequestInit, destination = '') => {
    await ready;
    const request = new Request(new URL(`v1/blobs/${path}`, ROOT), init);
    Object.defineProperty(request, 'destination', { value: destination });
    const route = routeOf(request, ROOT);
    if (route.kind !== 'blob') throw new Error('names no blob');
    return answers.answer(request, route, (message) => said.push(message));
  };
  return { ask, said, memory, opened, page };
}

async function refusedWith(answer: Promise<Response>) {
  const { status, headers } = await answer;
  return [status, headers.get('haulout-error')];
}

describe('a blob', () => {
  it('is answered, and who asked hears of its rows', async () => {
    const { ask, said } = gateway();
    const answer = await ask(blob.blobId);
    expect(Buffer.compare(Buffer.from(await answer.arrayBuffer()), blob.bytes)).toBe(0);
    const rows = said.flatMap((message) => (message.kind === 'rows' ? message.rows : []));
    expect(rows.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    const part = await ask(blob.blobId, { headers: { range: 'bytes=-3' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(Buffer.from(blob.bytes.slice(-3)));
  });

  it('nobody stored is not there, one that is blocked is not given', async () => {
    const { ask, said } = gateway();
    expect(await refusedWith(ask('A'.repeat(43)))).toEqual([404, 'blob-unknown']);
    for (const slot of world.served.network.nodes) {
      await slot.setFaults([{ action: { type: 'status', status: 451, reason: 'FORBIDDEN_BLOB' } }]);
    }
    expect(await refusedWith(ask(blob.blobId))).toEqual([451, 'blob-blocked']);
    expect(said.map(({ kind }) => kind)).toEqual(['failed', 'failed']);
  });

  it('cannot be had before a network is named, and then it can', async () => {
    const { ask, memory, page } = gateway({ isTold: false });
    expect(await refusedWith(ask(blob.blobId))).toEqual([503, 'refused-network']);
    const network: GatewayNetwork = world.served.description;
    await memory.keep(network);
    expect(await refusedWith(ask(blob.blobId))).toEqual([503, 'refused-network']);
    page.html = localPage(PAGE, world.served.description); // the host of the page says so, too
    await memory.keep(network);
    expect((await ask(blob.blobId, { method: 'HEAD' })).status).toBe(200);
  });

  it('is read from the network that its address names, or else from the last that was told', async () => {
    const { ask, memory, opened } = gateway();
    const left = { signal: AbortSignal.abort() };
    const isHere = async (more = '') =>
      (await ask(blob.blobId + more, { method: 'HEAD' })).status === 200;
    expect(await isHere()).toBe(true);
    await ask(`${blob.blobId}?network=testnet`, left);
    expect(await isHere()).toBe(true);
    expect(await isHere('?network=localnet')).toBe(true);
    await memory.keep('mainnet');
    await ask(blob.blobId, left);
    const names = opened.map(({ chain }) => chain.network.network);
    expect(names).toEqual(['localnet', 'testnet', 'mainnet']);
  });

  it('that is left has not failed', async () => {
    const { ask, said } = gateway();
    const reader = (await ask(blob.blobId)).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(said.filter(({ kind }) => kind === 'failed')).toEqual([]);
  });

  it('that is not to be had any more breaks off, and pages hear why', async () => {
    const { ask, said } = gateway();
    const reader = (await ask(blob.blobId, { headers: { range: 'bytes=0-' } })).body?.getReader();
    await reader?.read();
    for (const slot of world.served.network.nodes)
      await slot.setFaults([{ action: { type: 'refuse' } }]);
    const rest = async () => {
      while (!(await reader?.read())?.done);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'not-enough-slivers' });
    const { blobId } = blob;
    expect(said.at(-1)).toEqual({ kind: 'failed', blobId, code: 'not-enough-slivers' });
  });
});

describe('a page in place of a blob', () => {
  it('says what happened, without a script and with nothing of the address', async () => {
    const { ask } = gateway();
    const answer = await ask(`${'A'.repeat(43)}?dl=<script>`, {}, 'document');
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(/^sandbox; default-src 'none'/);
    const html = await answer.text();
    expect(html).toContain('<h1>The storage nodes know no blob with this ID.</h1>');
    expect(html).toContain(`<a href="${ROOT.href}">Open Haulout</a>`);
    expect(html).not.toContain('<script');
    const framed = await ask('A'.repeat(43), {}, 'iframe');
    expect(await framed.text()).not.toContain('<a ');
    const head = await ask('A'.repeat(43), { method: 'HEAD' }, 'document');
    expect([head.status, await head.text()]).toEqual([404, '']);
  });
});

describe('a blob object', () => {
  const objectOf = (blobId: string) => ({ blobId }) as Object;
  const object = `by-object-id/${OBJECT}`;

  it('stands for its blob, and its attributes are foreign text', async () => {
    const attributes: Attributes = async () => [
      ['content-type', 'text/html'],
      ['content-disposition', 'inline; filename="../\u202egnp.exe"'],
      ['set-cookie', 'a=b'],
    ];
    const { ask } = gateway({ object: objectOf(blob.blobId), attributes });
    const { status, headers } = await ask(object, { method: 'HEAD' });
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe(`"${blob.blobId}"`);
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toBe('attachment; filename="_gnp.exe"');
    expect(headers.get('cache-control')).toBe('no-cache');
    expect(headers.has('set-cookie')).toBe(false);
    const saved = await ask(`${object}?dl=mine.bin`, { method: 'HEAD' });
    expect(saved.headers.get('content-disposition')).toBe('attachment; filename="mine.bin"');
  });

  it('is described anew where its attributes could not be had, and given although its bytes are known', async () => {
    let tries = 0;
    const attributes: Attributes = async () => {
      if (tries++ === 0) throw new Error('no answer');
      return [['content-disposition', 'inline; filename="later.bin"']];
    };
    const { ask } = gateway({ object: objectOf(blob.blobId), attributes });
    const names: unknown[] = [];
    for (let times = 0; times < 3; times++) {
      const headers = { 'if-none-match': `"${blob.blobId}"` };
      const answer = await ask(object, { method: 'HEAD', headers });
      names.push([answer.status, answer.headers.get('content-disposition')]);
    }
    const later = [200, 'attachment; filename="later.bin"'];
    expect(names).toEqual([[200, 'attachment'], later, later]);
    expect(tries).toBe(2);
    const headers = { 'if-none-match': `"${blob.blobId}"` };
    expect((await ask(blob.blobId, { headers })).status).toBe(304);
  });

  it('that the chain does not know is not there', async () => {
    expect(await refusedWith(gateway({ object: undefined }).ask(object))).toEqual([
      404,
      'blob-unknown',
    ]);
  });
});
