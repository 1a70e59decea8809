import { Memory } from '../protocol/memory.ts';
import type { NodeIdentity } from './committee.ts';
import {
  ACCOUNT_COUNT,
  ACCOUNT_SUI,
  ACCOUNT_WAL,
  DAY_MS,
  FAUCET_SUI,
  FAUCET_WAL,
  type NetworkDoors,
  type NetworkSettings,
} from './network-options.ts';
import type { Service } from './service/service-slot.ts';
import { SuiChain } from './sui/chain.ts';
import { Faucet, faucetGenesis, seededKey } from './sui/faucet.ts';
import { frameworkGenesis } from './sui/framework/framework.ts';
import { type FullNode, fullNode } from './sui/full-node.ts';
import { walrusGenesis } from './sui/genesis.ts';
import { type WalrusIds, walrusIds } from './sui/genesis-plan.ts';
import { SUI_TYPE } from './sui/ledger/ledger-object.ts';
import type { GenesisPart } from './sui/move/native.ts';
import { faucetHandler } from './sui/wire/faucet-handler.ts';
import { WalrusChain } from './walrus/walrus-chain.ts';

/** All there is of the first coin of WAL that the faucet has. */
const FAUCET_RESERVE = 4n * 10n ** 18n;

/** The same network begins with the same objects whenever it is started. */
const geneses = new Memory<readonly GenesisPart[]>(64);

export const accountKey = (seed: string, index: number) => seededKey(seed, `account ${index}`);

interface Running {
  readonly chain: SuiChain;
  readonly node: FullNode;
  readonly faucet: Faucet;
}

/** The chain of a network through all its lives, and whatever stands on it. */
export class ChainLife {
  readonly ids: WalrusIds;
  readonly #settings: NetworkSettings;
  readonly #doors: NetworkDoors;
  readonly #nodes: readonly (NodeIdentity & { networkAddress: string; shards: number[] })[];
  #running: Running | undefined;
  #port: WalrusChain | undefined;

  constructor(
    settings: NetworkSettings,
    doors: NetworkDoors,
    nodes: readonly (NodeIdentity & { networkAddress: string; shards: number[] })[],
  ) {
    this.#settings = settings;
    this.#doors = doors;
    this.#nodes = nodes;
    this.ids = walrusIds(settings.seed);
  }

  /** Starts a life on the log; the chain's faults stay what they were. */
  async start(): Promise<Service> {
    const { clock, openLog } = this.#doors;
    const { seed } = this.#settings;
    const before = this.#running?.chain.faults.now;
    const chain = await SuiChain.open({
      name: 'localnet',
      clock,
      log: await openLog(),
      genesis: (startMs) => this.#genesis(startMs),
    });
    if (before) chain.faults.set(before);
    const node = fullNode(chain, clock);
    this.#running = { chain, node, faucet: new Faucet(chain, seed) };
    if (this.#port === undefined) this.#port = new WalrusChain(chain, this.ids, seed);
    else this.#port.attach(chain);
    return {
      handle: (request) => node.handler(request),
      stop: async () => {
        this.#port?.detach();
        await chain.close();
      },
    };
  }

  faucet(): Service {
    const gifts = [
      { coinType: SUI_TYPE, amount: FAUCET_SUI },
      { coinType: this.ids.walType, amount: FAUCET_WAL },
    ];
    return { handle: (request) => faucetHandler(this.#now.faucet, gifts)(request) };
  }

  get chain(): SuiChain {
    return this.#now.chain;
  }

  get node(): FullNode {
    return this.#now.node;
  }

  get giver(): Faucet {
    return this.#now.faucet;
  }

  /** The contract for those who follow it; it outlives the chain's lives. */
  get port(): WalrusChain {
    if (this.#port === undefined) throw new Error('the chain was never started');
    return this.#port;
  }

  get #now(): Running {
    if (this.#running === undefined) throw new Error('the chain was never started');
    return this.#running;
  }

  #genesis(startMs: number): readonly GenesisPart[] {
    const { seed, epochDurationMs = DAY_MS } = this.#settings;
    const nodes = this.#nodes.map(({ nodeId, name, networkAddress, publicKey96, shards }) => {
      return { nodeId, name, networkAddress, publicKey: publicKey96, shards };
    });
    const places = nodes.map(({ networkAddress, shards }) => [networkAddress, shards]);
    const question = JSON.stringify([seed, startMs, epochDurationMs, places]);
    return geneses.get(question, () => {
      const accounts = Array.from({ length: ACCOUNT_COUNT }, (_, i) => {
        const address = accountKey(seed, i).toSuiAddress();
        return { address, sui: ACCOUNT_SUI, wal: ACCOUNT_WAL };
      });
      return [
        frameworkGenesis(startMs),
        faucetGenesis(seed, [this.ids.walType]),
        walrusGenesis(
          { seed, nodes, accounts, epochDurationMs, walElsewhere: FAUCET_RESERVE },
          startMs,
        ),
      ];
    });
  }
}
