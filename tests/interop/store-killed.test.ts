import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { WalrusClient } from '@mysten/walrus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import type { JournalStores } from '../../src/store/journal-facts.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { memoryDoors } from '../support/devnet/local-network.ts';
import { type ChildTask, fileBytes } from '../support/flows/child.ts';
import { readSnapshot } from '../support/flows/file-store.ts';
import { holdersIn, judge, keysIn } from '../support/flows/judge.ts';
import { officialRead } from '../support/official-read.ts';
import { SOAK } from '../support/seed.ts';

const SIZES = [9_000, 400];
const FROST = 2n * 320_000n; // one unit each, for three epochs, and the write fees
const script = join(import.meta.dirname, '../support/flows/child.mjs');
const EXECUTE = { path: 'TransactionExecutionService/ExecuteTransaction', times: 1 } as const;

let served: ServedNetwork;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'haulout-killed-'));
  served = await serveNetwork({
    settings: { weights: PROFILES.tiny, seed: 'killed', chainDelayMs: [0, 50] },
    doors: await memoryDoors(),
    basePort: 0,
    adminToken: 'killed',
  });
}, 180_000);
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});

/** A process that stores; its lines, and its end. */
class Child {
  readonly lines: string[] = [];
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcess;
  #wake: () => void = () => undefined;

  constructor(task: ChildTask) {
    this.#process = spawn(process.execPath, [script, JSON.stringify(task)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let rest = '';
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      this.lines.push(...parts);
      this.#wake();
    });
    this.ended = new Promise((resolve) => this.#process.once('exit', resolve));
  }

  async said(line: string): Promise<void> {
    while (!this.lines.includes(line)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }
}

const rpc = () => served.network.services.rpc;
const held = (name: string) =>
  expect.poll(() => rpc().faults.held, { timeout: 180_000 }).toContain(name);

/** PUTs of slivers that nodes took, since a moment. */
const slivers = (since: number) =>
  served.network.fleet.log
    .since(since)
    .filter(({ method, path, status, peer }) => {
      return method === 'PUT' && path.includes('/slivers/') && status < 300 && !peer;
    })
    .map(({ node, path }) => `${node} ${path.split('?')[0]}`);

interface KillPoint {
  /** makes the network wait where the process is to die */
  prepare(): Promise<void>;
  /** settles when it stands there */
  reached(child: Child): Promise<void>;
  readonly silentWallet?: boolean;
  /** prompts of both lives together */
  readonly prompts: number;
}

const hold = (afterN: number, what: 'request' | 'answer', name: string): KillPoint => ({
  prepare: () =>
    rpc().setFaults([{ match: { ...EXECUTE, afterN }, action: { type: 'hold', name, what } }]),
  reached: () => held(name),
  prompts: 1,
});

const POINTS: Readonly<Record<string, KillPoint>> = {
  'K3, the wallet is open': {
    prepare: async () => undefined,
    reached: (child) => child.said('asked'),
    silentWallet: true,
    prompts: 2,
  },
  'K5, the payment is signed and not sent': hold(0, 'request', 'K5'),
  'K6, the payment is executed and the answer lost': hold(0, 'answer', 'K6'),
  'K8, half of the slivers are with the nodes': {
    async prepare() {
      const { next } = served.network.fleet.log;
      for (const slot of served.network.nodes) {
        await slot.setFaults([
          { match: { route: 'sliver' }, action: { type: 'delay', ms: [30, 60] } },
        ]);
      }
      this.reached = async (child) => {
        await child.said('uploading');
        await expect
          .poll(() => slivers(next).length, { timeout: 180_000, interval: 5 })
          .toBeGreaterThan(20);
      };
    },
    reached: async () => undefined,
    prompts: 1,
  },
  'K11, the certificate is signed and not sent': hold(1, 'request', 'K11'),
  'K12, the certificate is executed and the answer lost': hold(1, 'answer', 'K12'),
};

describe('a process that is killed', () => {
  it.each(Object.keys(POINTS).filter((name) => SOAK || name.startsWith('K6,')))(
    '%s: another one ends the upload, paid once',
    async (name) => {
      const point = POINTS[name] as KillPoint;
      const account = new Ed25519Keypair();
      const owner = account.toSuiAddress();
      const { life, fleet } = served.network;
      const unit = 10n ** 9n;
      const { walType } = life.ids;
      await life.giver.give(owner, [
        { coinType: '0x2::sui::SUI', amount: unit },
        { coinType: walType, amount: unit },
      ]);
      const task: ChildTask = {
        network: served.description,
        path: join(folder, `${name.slice(0, 3).replace(',', '')}.store`),
        secretKey: account.getSecretKey(),
        sizes: SIZES,
        silentWallet: point.silentWallet ?? false,
      };
      const since = fleet.log.next;
      await point.prepare();
      const first = new Child(task);
      await point.reached(first);
      await first.kill();
      await rpc().setFaults([]);
      for (const each of rpc().faults.held) rpc().faults.release(each);
      for (const slot of served.network.nodes) await slot.setFaults([]);

      const second = new Child({ ...task, silentWallet: false });
      expect(await second.ended).toBe(0);
      const prompts = [...first.lines, ...second.lines].filter((line) => line === 'asked').length;
      expect(prompts).toBe(point.prompts);

      const ledger = judge(served.network);
      const stored =
        second.lines
          .find((line) => line.startsWith('stored'))
          ?.split(' ')
          .slice(1) ?? [];
      expect(ledger.walOf(owner)).toBe(unit - FROST);
      expect(ledger.blobsOf(owner).sort()).toEqual([...stored].sort());
      const store = new MemoryStore<JournalStores>();
      store.restore(readSnapshot(task.path));
      for (const holder of await holdersIn(store)) expect(ledger.holdings(holder)).toBe(0);
      expect(await keysIn(store)).toBe(0);
      // No node was sent a sliver twice, but for those that were on their way.
      const puts = slivers(since);
      expect(puts.length - new Set(puts).size).toBeLessThanOrEqual(8);

      const { rpcUrl, systemObjectId, stakingObjectId } = served.description;
      const reader = new WalrusClient({
        suiClient: new SuiGrpcClient({ network: 'localnet', baseUrl: rpcUrl }),
        packageConfig: { systemObjectId, stakingPoolId: stakingObjectId },
        storageNodeUrlScheme: 'http',
      });
      const rows = await store.scan('jobs', { begin: '', end: '\uffff' });
      for (const [i, { blobId }] of (rows[0]?.value.files ?? []).entries()) {
        const expected = fileBytes(SIZES[i] ?? 0, i);
        expect(Buffer.compare(await officialRead(reader, blobId), expected)).toBe(0);
      }
    },
    240_000,
  );
});
