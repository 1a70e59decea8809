import { SuiGrpcClient } from '@mysten/sui/grpc';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { listen } from '../../../src/devnet/http.ts';
import { SuiChain } from '../../../src/devnet/sui/chain.ts';
import { Faucet, faucetGenesis, seededKey } from '../../../src/devnet/sui/faucet.ts';
import { frameworkGenesis } from '../../../src/devnet/sui/framework/framework.ts';
import { fullNode } from '../../../src/devnet/sui/full-node.ts';
import { SUI_TYPE } from '../../../src/devnet/sui/ledger/ledger-object.ts';
import { type ChainLog, memoryLog } from '../../../src/devnet/sui/ledger/log.ts';
import type { GenesisPart } from '../../../src/devnet/sui/move/native.ts';
import type { Clock } from '../../../src/protocol/ports.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { testPackage } from './test-package.ts';

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
