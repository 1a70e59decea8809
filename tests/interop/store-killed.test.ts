import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { WalrusClient } from '@mysten/walrus';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/devnet/committee.ts';
import type { FaultRuleInput } from '../../src/devnet/faults/rules.ts';
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
const relay = () => served.network.services.relay;
const held = (name: string) =>
  expect.poll(() => rpc().faults.held, { timeout: 180_000 }).toContain(name);

/** Whatever waits goes on, and nothing waits any more. */
async function calm(): Promise<void> {
  await setNodes([]);
  for (const service of [rpc(), relay()]) await service.setFaults([]);
  for (const faults of [rpc().faults, relay().faults, ...served.network.nodes.map((n) => n.engine)])
    for (const name of faults.held) faults.release(name);
}

/** PUTs of slivers that nodes took, since a moment. */
const slivers = (since: number) =>
  served.network.fleet.log
    .since(since)
    .filter(({ method, path, status, peer }) => {
      return method === 'PUT' && path.includes('/slivers/') && status < 300 && !peer;
    })
    .map(({ node, path }) => `${node} ${path.split('?')[0]}`);

/** Where a process is killed. */
interface KillPoint {
  /** makes the network wait where the process is to die */
  prepare(): Promise<void>;
  /** settles when it stands there */
  reached(child: Child): Promise<void>;
  readonly silentWallet?: boolean;
}

interface Scene {
  /** a process for each, and one more that ends the upload */
  readonly kills: readonly KillPoint[];
  /** prompts of all processes together, if not one */
  readonly prompts?: number;
  readonly way?: 'relay';
  /** happens after the last kill */
  meanwhile?(): Promise<unknown>;
}

const holdRpc = (path: string, afterN: number, name: string, what: 'request' | 'answer') =>
  rpc().setFaults([{ match: { path, times: 1, afterN }, action: { type: 'hold', name, what } }]);

const EXECUTE = 'TransactionExecutionService/ExecuteTransaction';

const atExecution = (afterN: number, what: 'request' | 'answer'): KillPoint => ({
  prepare: () => holdRpc(EXECUTE, afterN, 'execution', what),
  reached: () => held('execution'),
});

const setNodes = async (rules: readonly FaultRuleInput[]) => {
  for (const slot of served.network.nodes) await slot.setFaults(rules);
};
const slowly: FaultRuleInput = {
  match: { route: 'sliver' },
  action: { type: 'delay', ms: [30, 60] },
};
const isHeldBySome = (name: string) => () =>
  served.network.nodes.some(({ engine }) => engine.held.includes(name));

const walletOpen: KillPoint = {
  prepare: async () => undefined,
  reached: (child) => child.said('asked'),
  silentWallet: true,
};
const nothingSent: KillPoint = {
  prepare: () =>
    setNodes([
      { match: { method: 'PUT' }, action: { type: 'hold', name: 'sending', what: 'request' } },
    ]),
  reached: (child) => child.said('uploading'),
};
let beforeSending = 0;
const halfSent: KillPoint = {
  async prepare() {
    beforeSending = served.network.fleet.log.next; // sending begins while the wallet is open
    await setNodes([slowly]);
  },
  async reached(child) {
    await child.said('uploading');
    await expect
      .poll(() => slivers(beforeSending).length, { timeout: 180_000, interval: 5 })
      .toBeGreaterThan(20);
  },
};
const confirming: KillPoint = {
  prepare: () =>
    setNodes([
      {
        match: { route: 'confirmation' },
        action: { type: 'hold', name: 'confirmation', what: 'answer' },
      },
    ]),
  reached: () => expect.poll(isHeldBySome('confirmation'), { timeout: 180_000 }).toBe(true),
};
const quorumReached: KillPoint = {
  prepare: () => setNodes([slowly]),
  async reached(child) {
    await child.said('uploading');
    await holdRpc('TransactionExecutionService/SimulateTransaction', 0, 'build', 'request');
    await held('build');
  },
};
const keyNotDeleted: KillPoint = {
  prepare: () => holdRpc(EXECUTE, 1, 'execution', 'answer'),
  async reached() {
    await held('execution');
    await holdRpc('StateService/ListOwnedObjects', 0, 'look', 'answer');
    rpc().faults.release('execution');
    await held('look');
  },
};
const relayAnswer: KillPoint = {
  prepare: () =>
    relay().setFaults([
      {
        match: { method: 'POST', times: 1 },
        action: { type: 'hold', name: 'relay', what: 'answer' },
      },
    ]),
  reached: () => expect.poll(() => relay().faults.held, { timeout: 180_000 }).toContain('relay'),
};

const payment = atExecution(0, 'answer');
const epochEnds = () => served.network.epochs.advance();
const SCENES: Readonly<Record<string, Scene>> = {
  'K3, the wallet is open': { kills: [walletOpen], prompts: 2 },
  'K5, the payment is signed and not sent': { kills: [atExecution(0, 'request')] },
  'K6, the payment is executed and the answer lost': { kills: [payment] },
  'K7, nothing is with the nodes yet': { kills: [nothingSent] },
  'K8, half of the slivers are with the nodes': { kills: [halfSent] },
  'K9, confirmations are on their way': { kills: [confirming] },
  'K10, there is a certificate and no transaction': { kills: [quorumReached] },
  'K11, the certificate is signed and not sent': { kills: [atExecution(1, 'request')] },
  'K12, the certificate is executed and the answer lost': { kills: [atExecution(1, 'answer')] },
  'K13, all is done and the key not deleted': { kills: [keyNotDeleted] },
  'K14, the answer of the relay is lost': { kills: [relayAnswer], way: 'relay' },
  'K15, at K8, and the epoch ends': { kills: [halfSent], meanwhile: epochEnds },
  'K15, at K11, and the epoch ends': { kills: [atExecution(1, 'request')], meanwhile: epochEnds },
  'K16, again and again': { kills: [payment, nothingSent, confirming, quorumReached] },
};

describe('a process that is killed', () => {
  it.each(Object.keys(SCENES).filter((name) => SOAK || name.startsWith('K6,')))(
    '%s: another one ends the upload, paid once',
    async (name) => {
      const scene = SCENES[name] as Scene;
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
        path: join(folder, `${Object.keys(SCENES).indexOf(name)}.store`),
        secretKey: account.getSecretKey(),
        sizes: SIZES,
        silentWallet: false,
        ...(scene.way ? { way: scene.way } : {}),
      };
      const since = fleet.log.next;
      const lines: string[] = [];
      for (const { prepare, reached, silentWallet = false } of scene.kills) {
        await prepare();
        const child = new Child({ ...task, silentWallet });
        await reached(child);
        await child.kill();
        lines.push(...child.lines);
        await calm();
      }
      await scene.meanwhile?.();
      const last = new Child(task);
      expect(await last.ended).toBe(0);
      lines.push(...last.lines);
      expect(lines.filter((line) => line === 'asked')).toHaveLength(scene.prompts ?? 1);

      const ledger = judge(served.network);
      const stored = last.lines
        .find((line) => line.startsWith('stored'))
        ?.split(' ')
        .slice(1);
      expect(ledger.walOf(owner)).toBe(unit - FROST);
      expect(ledger.blobsOf(owner).sort()).toEqual(stored?.sort());
      const store = new MemoryStore<JournalStores>();
      store.restore(readSnapshot(task.path));
      for (const holder of await holdersIn(store)) expect(ledger.holdings(holder)).toBe(0);
      expect(await keysIn(store)).toBe(0);
      // No node was sent a sliver twice, but for those that were on their way.
      const puts = slivers(since);
      const most = scene.way === 'relay' ? puts.length : 8 * scene.kills.length;
      expect(puts.length - new Set(puts).size).toBeLessThanOrEqual(most);

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
