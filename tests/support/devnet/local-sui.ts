import { fromBase64 } from '@mysten/bcs';
import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { Inputs, Transaction, type TransactionArgument } from '@mysten/sui/transactions';
import { listen } from '../../../src/devnet/http.ts';
import { SuiChain } from '../../../src/devnet/sui/chain.ts';
import type { Outcome } from '../../../src/devnet/sui/execute/run.ts';
import { Faucet, faucetGenesis, seededKey } from '../../../src/devnet/sui/faucet.ts';
import { frameworkGenesis } from '../../../src/devnet/sui/framework/framework.ts';
import { fullNode } from '../../../src/devnet/sui/full-node.ts';
import {
  GAS_COIN_TYPE,
  type LedgerObject,
  SUI_TYPE,
} from '../../../src/devnet/sui/ledger/ledger-object.ts';
import { type ChainLog, memoryLog } from '../../../src/devnet/sui/ledger/log.ts';
import { compareOwned } from '../../../src/devnet/sui/ledger/object-store.ts';
import type { GenesisPart } from '../../../src/devnet/sui/move/native.ts';
import type { Clock } from '../../../src/protocol/ports.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { TEST_PACKAGE, testPackage } from './test-package.ts';

export const SEED = 'test';

export interface LocalSuiOptions {
  readonly log?: ChainLog;
  readonly clock?: Clock;
  readonly parts?: readonly GenesisPart[];
  readonly http?: boolean;
}

/** A chain with the framework, a faucet and a small package for tests; over HTTP if asked. */
export async function localSui(options: LocalSuiOptions = {}) {
  const clock = options.clock ?? systemClock;
  const chain = await SuiChain.open({
    name: 'localnet',
    genesis: (startMs) => [
      frameworkGenesis(startMs),
      faucetGenesis(SEED),
      testPackage,
      ...(options.parts ?? []),
    ],
    clock,
    log: options.log ?? memoryLog(),
  });
  const node = fullNode(chain, clock);
  const server = options.http ? await listen({ handler: node.handler, port: 0, clock }) : undefined;
  const client = server
    ? new SuiGrpcClient({ network: 'localnet', baseUrl: server.origin })
    : new SuiGrpcClient({ network: 'localnet', transport: node.transport });
  const faucet = new Faucet(chain, SEED);
  return {
    chain,
    client,
    faucet,
    handler: node.handler,
    origin: server?.origin,
    close: async () => {
      await server?.close();
      await chain.close();
    },
    /** A key with some coins of SUI. */
    funded: async (name: string, ...amounts: bigint[]): Promise<Ed25519Keypair> => {
      const key = seededKey(SEED, name);
      for (const amount of amounts) {
        await faucet.give(key.toSuiAddress(), [{ coinType: SUI_TYPE, amount }]);
      }
      return key;
    },
  };
}

export type LocalSui = Awaited<ReturnType<typeof localSui>>;

/** A clock that stands still until it is told otherwise. */
export function handClock(startMs = 1_800_000_000_000): Clock & { advance(ms: number): void } {
  let now = startMs;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    wall: () => now,
    monotonic: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: now + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance: (ms) => {
      now += ms;
      for (const sleeper of [...sleepers]) {
        if (sleeper.at > now) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

/** A call of the test package. */
export const call = (tx: Transaction, name: string, ...list: TransactionArgument[]) =>
  tx.moveCall({ target: `${TEST_PACKAGE}::things::${name}`, arguments: list });

/** Signs and executes without a simulation before, so that failures are executed too. */
export async function send(sui: LocalSui, key: Ed25519Keypair, edit: (tx: Transaction) => void) {
  const { outcome } = await submit(sui, key, edit);
  return outcome;
}

export async function submit(sui: LocalSui, key: Ed25519Keypair, edit: (tx: Transaction) => void) {
  const bytes = await write(sui, key, edit);
  const { signature } = await key.signTransaction(bytes);
  return sui.chain.execute(bytes, [fromBase64(signature)]);
}

/** Transaction bytes with everything filled in by hand. Objects are named with `object`. */
export async function write(sui: LocalSui, key: Ed25519Keypair, edit: (tx: Transaction) => void) {
  const tx = new Transaction();
  tx.setSender(key.toSuiAddress());
  tx.setGasPrice(1000);
  tx.setGasBudget(50_000_000);
  tx.setExpiration({ None: true });
  tx.setGasPayment(coins(sui, key.toSuiAddress()).slice(0, 1).map(referenceOf));
  edit(tx);
  return tx.build();
}

export const referenceOf = ({ id, version, digest }: LedgerObject) => ({
  objectId: id,
  version: version.toString(),
  digest,
});

/** The SUI coins of an address, largest first. */
export const coins = (sui: LocalSui, owner: string): LedgerObject[] =>
  sui.chain.ledger.objects
    .ownedBy(owner)
    .filter(({ type }) => type === GAS_COIN_TYPE)
    .sort(compareOwned);

/** An input for an object as it is now. */
export function object(sui: LocalSui, tx: Transaction, id: string, mutable = true) {
  const found = sui.chain.ledger.objects.get(id);
  if (!found) throw new Error(`there is no object ${id}`);
  if (found.owner.kind !== 'shared') return tx.object(Inputs.ObjectRef(referenceOf(found)));
  const initialSharedVersion = found.owner.initialVersion.toString();
  return tx.object(Inputs.SharedObjectRef({ objectId: id, initialSharedVersion, mutable }));
}

/** The id of the one object of a type that a transaction wrote. */
export function writtenId({ changes }: Outcome, name: string): string {
  const found = changes.filter(({ after }) => after?.type.endsWith(`::${name}`));
  if (found.length !== 1) throw new Error(`${found.length} objects of type ${name} were written`);
  return found[0]?.id as string;
}
