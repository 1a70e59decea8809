import { GrpcWebFetchTransport } from '@mysten/sui/grpc';
import { Transaction, TransactionDataBuilder } from '@mysten/sui/transactions';
import { p256 } from '@noble/curves/nist.js';
import { keypairWallet } from '../../src/chain/wallet/keypair-wallet.ts';
import { accountKey } from '../../src/devnet/chain-life.ts';
import { createHaulout } from '../../src/flows/store/create-haulout.ts';
import type { PageKeys } from '../../src/flows/store/ports.ts';
import type { Quote, StoreJob } from '../../src/flows/store/types.ts';
import { HauloutError } from '../../src/protocol/errors.ts';
import type { Random, WalletPort } from '../../src/protocol/ports.ts';
import type { JournalStores } from '../../src/store/journal-facts.ts';
import { infoOf } from '../support/flows/local-client.ts';

import type { Client, LifeDoors, WalletMood } from './session.ts';
import { encoder, NETWORK_SEED, type World } from './world.ts';

/** What the person wants, and what was promised to them. */
export interface Wanted {
  readonly sources: readonly Uint8Array<ArrayBuffer>[];
  /** quotes that the person said yes to */
  readonly quotes: Quote[];
  /** addresses where a page had something */
  readonly holders: Set<string>;
  /** digests of the transactions that the wallet was shown */
  readonly shown: Set<string>;
  isStored(): boolean;
}

const EPOCHS = 20;
/** Who begins again is content with less, so that what was paid before is enough although epochs have ended. */
const EPOCHS_AGAIN = 10;

/** A page stays open for a while when all is done: slow nodes are still served. */
const LINGERS_MS = 10_000;

export function storeClient(world: World, wanted: Wanted): Client {
  const work = storeWork(world, wanted);
  return async (doors) => {
    await work(doors);
    await doors.clock.sleep(doors.random.below(LINGERS_MS));
  };
}

/**
 * A page and the person before it: takes up what is open, looks for what only the chain knows, and
 * begins if there is nothing of either.
 */
function storeWork(world: World, wanted: Wanted): Client {
  return async (doors) => {
    const { session, life, clock, random, transport, exchange, locks } = doors;
    const info = infoOf(world.network);
    const rows = doors.store<JournalStores>();
    session.onWipe = () => remember(doors, wanted);
    const haulout = createHaulout({
      network: { ...info, nodes: world.network.nodes.map(nodeUrl) },
      relay: world.config.path === 'relay' ? 'http://relay.test' : false,
      ...{ clock, random, transport, locks, encoder, store: rows },
      rpc: [rpcTransport(exchange)],
      pageKeys: pageKeys(random),
      wallet: wallet(world, wanted, doors),
    });
    const files = wanted.sources;
    const finishJob = (job: StoreJob) => job.result().finally(() => remember(doors, wanted));
    const open = await haulout.openJobs();
    for (const { jobId, missing } of open) {
      await finishJob(await haulout.resume(jobId, missing.length > 0 ? { files } : {}));
    }
    remember(doors, wanted);
    if (wanted.isStored() || session.pageCount > 1 || !life.alive) return;
    if (wanted.quotes.length > 0) {
      for (const rescue of await haulout.rescue()) {
        wanted.holders.add(rescue.holder);
        await rescue.handOver();
      }
    }
    const { deletable, approvals, path } = world.config;
    const epochs = wanted.quotes.length === 0 ? EPOCHS : EPOCHS_AGAIN;
    const quote = await haulout.quote(files, { epochs, deletable, approvals, path });
    const [obstacle] = quote.conditions;
    if (obstacle !== undefined) throw obstacle;
    wanted.quotes.push(quote);
    await finishJob(haulout.store(quote));
  };
}

/** Notes the holders that the journal knows, which is looked into from outside. */
function remember({ session }: LifeDoors, wanted: Wanted): void {
  const facts = session.profile.rows.snapshot().get('facts')?.values() ?? [];
  for (const { value } of facts) {
    const { holder } = value as { holder?: string };
    if (holder !== undefined) wanted.holders.add(holder);
  }
}

export const nodeUrl = ({ networkAddress }: { networkAddress: string }) => ({
  url: `http://${networkAddress}`,
});

export function rpcTransport(exchange: LifeDoors['exchange']) {
  return new GrpcWebFetchTransport({
    baseUrl: 'http://rpc.test',
    format: 'binary',
    fetch: (url, init) => {
      const { signal, ...rest } = init ?? {};
      const never = new AbortController().signal;
      return exchange(new Request(url as string, rest), signal ?? never, undefined);
    },
  });
}

/** Keys as the browser makes them, but in turn with everything else. */
function pageKeys(random: Random): PageKeys {
  const open = (secret: Uint8Array) => ({
    publicKey: p256.getPublicKey(secret, true),
    sign: async (message: Uint8Array) => p256.sign(message, secret, { lowS: false }),
  });
  return {
    async create() {
      const secret = p256.utils.randomSecretKey(random.bytes(48));
      return { key: open(secret), kept: secret };
    },
    open: async (kept) => open(kept as Uint8Array),
  };
}

/** The person at the wallet, who takes some time, or is in another mood. */
function wallet(world: World, wanted: Wanted, { life, session, random }: LifeDoors): WalletPort {
  const key = accountKey(NETWORK_SEED, 0);
  const plain = keypairWallet(key);
  const after = <T>(ms: number, what: string, work: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      life.at(ms, `wallet ${what}`, () => work().then(resolve, reject));
    });
  return {
    ...plain,
    sign(bytes, signal) {
      wanted.shown.add(TransactionDataBuilder.getDigestFromBytes(bytes));
      const mood: WalletMood | undefined = session.moods.shift();
      const thinks = 200 + random.below(8_000);
      world.count(`wallet ${mood ?? 'signs'}`);
      const stopped = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(new HauloutError('aborted', {})), {
          once: true,
        });
      });
      return Promise.race([stopped, answer(mood, thinks, bytes, signal)]);
    },
  };

  function answer(
    mood: WalletMood | undefined,
    thinks: number,
    bytes: Uint8Array,
    signal: AbortSignal,
  ) {
    const sign = () => plain.sign(bytes, signal);
    switch (mood) {
      case 'rejects':
        return after(thinks, 'rejects', async () => {
          throw new HauloutError('wallet-rejected', {});
        });
      case 'answers late':
        return after(thinks + 300_000, 'signs late', sign);
      case 'never answers':
        return new Promise<never>(() => undefined);
      case 'executes itself':
        world.scheduler.at(thinks, 'wallet', 'executes', () => void execute(bytes));
        return after(2 * thinks, 'signs what it executed', sign);
      case 'executes silently':
        world.scheduler.at(thinks, 'wallet', 'executes', () => void execute(bytes));
        return new Promise<never>(() => undefined);
      case 'alters':
        return after(thinks, 'alters', async () => {
          const altered = Transaction.from(bytes);
          altered.setGasBudget(BigInt(altered.getData().gasData.budget ?? 0) * 2n);
          return plain.sign(await altered.build(), signal);
        });
      default:
        return after(thinks, 'signs', sign);
    }
  }

  async function execute(bytes: Uint8Array): Promise<void> {
    const { signature } = await key.signTransaction(bytes);
    const raw = Uint8Array.from(atob(signature), (char) => char.charCodeAt(0));
    // What the chain refuses did not happen; nobody hears of it.
    await Promise.resolve(world.network.life.chain.execute(bytes, [raw])).catch(() => undefined);
  }
}
