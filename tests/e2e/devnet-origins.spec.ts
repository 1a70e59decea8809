import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Transaction } from '@mysten/sui/transactions';
import { WalrusClient } from '@mysten/walrus';
import { expect, type Page, test } from '@playwright/test';
import { loadDevnet } from '../../src/tooling/build-devnet.mjs';

// The network is built once, by the first test.
test.describe.configure({ mode: 'serial' });
test.skip(({ browserName }) => browserName !== 'chromium', 'the protocol is told by Chromium only');
test.use({ ignoreHTTPSErrors: true }); // the authority of the nodes is made for each run

const BLOB = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7) & 255);

/** An empty page on an origin of its own. */
async function servePage() {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>page</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

/** A `fetch` whose requests are sent by a page. */
function fetchFrom(page: Page) {
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const body = Buffer.from(await request.arrayBuffer()).toString('base64');
    const asked = {
      ...{ url: request.url, method: request.method, body },
      headers: Object.fromEntries(request.headers),
    };
    const answer = await page.evaluate(async ({ url, method, headers, body: base64 }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const response = await fetch(url, {
        // The browser would keep what an aggregator gave.
        ...{ method, headers, cache: 'no-store' },
        ...(method === 'GET' ? {} : { body: bytes }),
      });
      const text = Array.from(new Uint8Array(await response.arrayBuffer()), (byte) =>
        String.fromCharCode(byte),
      );
      return {
        status: response.status,
        headers: [...response.headers],
        body: btoa(text.join('')),
      };
    }, asked);
    const { status, headers } = answer;
    return new Response(Buffer.from(answer.body, 'base64'), {
      ...{ status, headers: headers as [string, string][] },
    });
  };
}

/** A small network on free ports that keeps nothing. */
async function startNetwork(...words: string[]) {
  const { startFrom } = await loadDevnet();
  const started = await startFrom(['--port', '0', '--data', 'none', ...words]);
  if (typeof started === 'string') throw new Error(started);
  return started;
}

type Started = Awaited<ReturnType<typeof startNetwork>>;

/** The protocols of the answers that a page gets from now on, as Chromium tells. */
async function protocolsOf(page: Page): Promise<Set<string>> {
  const protocols = new Set<string>();
  const session = await page.context().newCDPSession(page);
  session.on('Network.responseReceived', ({ response }) => protocols.add(response.protocol ?? ''));
  await session.send('Network.enable');
  return protocols;
}

/** A client all of whose requests are sent by a page. */
function clientFrom(page: Page, { description }: Started, scheme: 'http' | 'https') {
  const { rpcUrl, systemObjectId, stakingObjectId } = description;
  const fetch = fetchFrom(page);
  const suiClient = new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl, fetch });
  const walrus = new WalrusClient({
    suiClient,
    packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
    storageNodeUrlScheme: scheme,
    storageNodeClientOptions: { fetch, timeout: 60_000 },
  } as ConstructorParameters<typeof WalrusClient>[0]);
  return { ask: fetch, suiClient, walrus };
}

/** Writes a blob and reads it back, and counts what the nodes were asked. */
async function writeAndRead(walrus: WalrusClient, signer: Ed25519Keypair, { network }: Started) {
  const { blobId } = await walrus.writeBlob({ blob: BLOB, epochs: 2, deletable: false, signer });
  expect(Buffer.compare(await walrus.readBlob({ blobId }), BLOB)).toBe(0);
  const asked = network.fleet.log.since();
  const pathsOf = (method: string) =>
    asked.filter((entry) => entry.method === method).map(({ path }) => path);
  const uploads = new Set(pathsOf('PUT'));
  expect(uploads.size).toBe(1 + 26); // metadata has the same path on every node
  // Each upload is asked for first, unless that was done seconds ago; reads never are.
  expect(new Set(pathsOf('OPTIONS'))).toEqual(uploads);
  expect(pathsOf('OPTIONS').length).toBeGreaterThanOrEqual(5 + 26);
  expect(pathsOf('OPTIONS').length).toBeLessThanOrEqual(pathsOf('PUT').length);
  expect(pathsOf('GET').length).toBeGreaterThan(10);
  return blobId;
}

test('a page of another origin writes and reads a blob over HTTP/2', async ({ page }) => {
  test.setTimeout(120_000);
  const started = await startNetwork('--tls');
  const site = await servePage();
  try {
    await page.goto(site.url);
    const protocols = await protocolsOf(page);
    const { walrus } = clientFrom(page, started, 'https');
    const signer = Ed25519Keypair.fromSecretKey(started.description.accounts[0]?.secretKey ?? '');
    await writeAndRead(walrus, signer, started);
    expect(protocols).toContain('h2');
  } finally {
    site.close();
    await started.close();
  }
});

test('a page of another origin uses all of the network but its control', async ({ page }) => {
  test.setTimeout(120_000);
  const started = await startNetwork();
  const { network, admin } = started;
  const { faucetUrl, relayUrl, aggregatorUrl, adminUrl, adminToken, exchangeObjectId, walType } =
    started.description;
  const site = await servePage();
  try {
    await page.goto(site.url);
    const protocols = await protocolsOf(page);
    const { ask, suiClient, walrus } = clientFrom(page, started, 'http');
    const post = (url: string, body: object, headers: Record<string, string> = {}) =>
      ask(url, { method: 'POST', body: JSON.stringify(body), headers });

    const key = new Ed25519Keypair();
    const owner = key.toSuiAddress();
    const json = { 'content-type': 'application/json' };
    const wish = { FixedAmountRequest: { recipient: owner } };
    const given = await (await post(`${faucetUrl}/v2/gas`, wish, json)).json();
    expect(given.status).toBe('Success');

    const wal = async () =>
      BigInt((await suiClient.core.getBalance({ owner, coinType: walType })).balance.balance);
    const before = await wal();
    const { object } = await suiClient.core.getObject({ objectId: exchangeObjectId });
    const transaction = new Transaction();
    const [sui] = transaction.splitCoins(transaction.gas, [5_000]);
    const bought = transaction.moveCall({
      target: `${object.type.split('::')[0]}::wal_exchange::exchange_all_for_wal`,
      arguments: [transaction.object(exchangeObjectId), sui as never],
    });
    transaction.transferObjects([bought], owner);
    await key.signAndExecuteTransaction({ transaction, client: suiClient });
    expect((await wal()) - before).toBe(10_000n);

    const blobId = await writeAndRead(walrus, key, started);
    expect(protocols).toEqual(new Set(['http/1.1']));
    expect(await (await ask(`${relayUrl}/v1/tip-config`)).json()).toBe('no_tip');
    const read = () => ask(`${aggregatorUrl}/v1/blobs/${blobId}`);
    // Nodes hear of the certificate with a delay.
    await expect.poll(async () => (await read()).status).toBe(200);
    const bytes = new Uint8Array(await (await read()).arrayBuffer());
    expect(Buffer.compare(bytes, BLOB)).toBe(0);

    // Faults of a service can be told from a lost connection: they carry the headers that let the page read them.
    const { faults } = network.services.aggregator;
    await network.services.aggregator.setFaults([
      { match: { times: 1 }, action: { type: 'status', status: 503 } },
    ]);
    expect([(await read()).status, (await read()).status]).toEqual([503, 200]);
    expect(faults.hits).toEqual([1]);

    // Whoever has the token may control the network, but no page of another origin, not even with the token.
    const headers = { authorization: `Bearer ${adminToken}` };
    await expect(ask(`${adminUrl}/admin/state`, { headers })).rejects.toThrow('Failed to fetch');
    const storm = { name: 'storm' };
    await expect(post(`${adminUrl}/admin/preset`, storm, headers)).rejects.toThrow('Failed');
    await expect(post(`${adminUrl}/admin/preset`, storm)).rejects.toThrow('Failed to fetch');
    expect(admin.days.current).toBeUndefined();
  } finally {
    site.close();
    await started.close();
  }
});
