import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NetworkDescription } from '../../src/devnet/describe.ts';
import { root } from '../../src/tooling/paths.mjs';

let folder: string;
const children: ChildProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'haulout-'));
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const { VITEST: _, ...env } = process.env; // builds are other ones under test

/** Starts a command as a person does, and waits until it has printed `ready` or ended. */
async function run(command: 'devnet' | 'start', words: readonly string[], ready: RegExp) {
  const child = spawn(process.execPath, [join(root, `src/tooling/${command}.mjs`), ...words], {
    ...{ env, stdio: ['ignore', 'pipe', 'pipe'] },
  });
  children.push(child);
  let text = '';
  let complaint = '';
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (ready.test(text)) resolve();
    });
    child.once('close', () => resolve());
  });
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return (await ended)[0];
  };
  return { text, complaint: () => complaint, ended, end };
}

const devnet = (...words: string[]) => run('devnet', ['--json', ...words], /\n$/);

describe('npm run devnet', () => {
  it('prints one line of JSON, ends on Ctrl+C, and is the same network the next time', async () => {
    const data = ['--data', join(folder, 'data')];
    const first = await devnet('--port', '0', ...data);
    expect(first.text.trimEnd()).not.toContain('\n');
    const network: NetworkDescription = JSON.parse(first.text);
    expect(network).toMatchObject({ network: 'localnet', shardCount: 13 });
    for (const name of ['rpc', 'faucet', 'relay', 'aggregator', 'admin'] as const) {
      expect(network[`${name}Url`]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    }
    for (const name of ['systemObjectId', 'stakingObjectId', 'packageId'] as const) {
      expect(network[name]).toMatch(/^0x[0-9a-f]{64}$/);
    }
    expect(network.walType).toMatch(/::wal::WAL$/);
    expect(network.chainId.length).toBeGreaterThan(30);
    expect(network.nodes).toHaveLength(5);
    const health = `${network.nodes[0]?.url}/v1/health`;
    expect((await fetch(health)).status).toBe(200);
    expect(await first.end('SIGINT')).toBe(0);
    await expect(fetch(health)).rejects.toThrow();

    const { chainId, nodes, rpcUrl } = network;
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const again = await devnet(...data);
      expect(JSON.parse(again.text)).toMatchObject({ chainId, nodes, rpcUrl });
      expect(await again.end(signal)).toBe(signal === 'SIGKILL' ? null : 0);
    }
  });

  it('refuses a busy port, and words that it does not know, with one sentence', async () => {
    const first = await devnet('--port', '0', '--data', 'none');
    const { port } = new URL((JSON.parse(first.text) as NetworkDescription).rpcUrl);
    for (const [words, sentence] of [
      [['--port', port, '--data', 'none'], `port ${port} is in use by another program`],
      [['--fault', 'rain'], '--fault is one of one-third-down'],
    ] as const) {
      const refused = await devnet(...words);
      expect((await refused.ended)[0]).toBe(1);
      expect(refused.complaint()).toContain(sentence);
      expect(refused.complaint().trimEnd()).not.toContain('\n');
    }
    expect(await first.end('SIGINT')).toBe(0);
  });

  it('begins with a bad day', async () => {
    const started = await devnet('--port', '0', '--data', 'none', '--fault', 'storm');
    const { adminUrl, adminToken }: NetworkDescription = JSON.parse(started.text);
    const headers = { authorization: `Bearer ${adminToken}` };
    const state = await (await fetch(`${adminUrl}/admin/state`, { headers })).json();
    expect(state.preset).toBe('storm');
    expect(await started.end('SIGINT')).toBe(0);
  });
});

describe('npm start', () => {
  const OPEN = /Open\n(http:\S+)\n$/;
  const isApp = async (text: string) => {
    const response = await fetch(OPEN.exec(text)?.[1] ?? '');
    expect(await response.text()).toContain('<title>Haulout');
  };

  it('brings the app and a network of 1000 shards', async () => {
    const words = ['--port', '0', '--network-port', '0', '--data', 'none'];
    const started = await run('start', words, OPEN);
    await isApp(started.text);
    expect(started.text).toContain('10 nodes, 1000 shards');
    expect(started.text.match(/suiprivkey1/g)).toHaveLength(4);
    expect(await started.end('SIGINT')).toBe(0);
  });

  it('serves the app alone for a public network', async () => {
    const started = await run('start', ['--network', 'testnet', '--port', '0'], OPEN);
    await isApp(started.text);
    expect(started.text).not.toContain('Local Walrus network');
    await started.end('SIGINT');
  });

  it('refuses words that say nothing', async () => {
    for (const [words, sentence] of [
      [['--network', 'moon'], '--network is one of local, testnet, mainnet'],
      [['--port', 'abc'], '--port is 0 to 65535'],
      [['--profile', 'huge'], '--profile is one of tiny'],
    ] as const) {
      const refused = await run('start', words, OPEN);
      expect((await refused.ended)[0]).toBe(1);
      expect(refused.complaint()).toContain(sentence);
      expect(refused.complaint()).not.toContain('    at ');
    }
  });
});
