import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
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
        ...{ method, headers },
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

/** The protocols of the answers that a page gets from now on, as Chromium tells. */
async function protocolsOf(page: Page): Promise<Set<string>> {
  const protocols = new Set<string>();
  const session = await page.context().newCDPSession(page);
  session.on('Network.responseReceived', ({ response }) => protocols.add(response.protocol ?? ''));
  await session.send('Network.enable');
  return protocols;
}

for (const scheme of ['http', 'https'] as const) {
  test(`a page of another origin writes and reads a blob over ${scheme}`, async ({ page }) => {
    test.setTimeout(120_000);
    const { startFrom } = await loadDevnet();
    const tls = scheme === 'https' ? ['--tls'] : [];
    const started = await startFrom(['--port', '0', '--data', 'none', ...tls]);
    if (typeof started === 'string') throw new Error(started);
    const { description, network } = started;
    const site = await servePage();
    try {
      await page.goto(site.url);
      const protocols = await protocolsOf(page);
      const { rpcUrl, systemObjectId, stakingObjectId, accounts } = description;
      const walrus = new WalrusClient({
        suiClient: new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl }),
        packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
        storageNodeUrlScheme: scheme,
        storageNodeClientOptions: { fetch: fetchFrom(page), timeout: 60_000 },
      } as ConstructorParameters<typeof WalrusClient>[0]);
      const signer = Ed25519Keypair.fromSecretKey(accounts[0]?.secretKey ?? '');
      const written = await walrus.writeBlob({ blob: BLOB, epochs: 2, deletable: false, signer });
      const read = await walrus.readBlob({ blobId: written.blobId });
      expect(Buffer.compare(read, BLOB)).toBe(0);
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
      expect(protocols).toEqual(new Set([scheme === 'https' ? 'h2' : 'http/1.1']));
    } finally {
      site.close();
      await started.close();
    }
  });
}
