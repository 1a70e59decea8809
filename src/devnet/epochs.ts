import type { Clock } from '../protocol/ports.ts';
import type { ChainLife } from './chain-life.ts';
import type { NodeCall, NodeCallResult } from './chain-port.ts';
import { nodeStakeId, operatorKey } from './sui/genesis-plan.ts';

/** Something that the contract does not allow now. */
export class ContractRefusal extends Error {
  override readonly name = 'ContractRefusal';
}

export interface Prices {
  /** FROST per MiB and epoch, FROST per MiB */
  readonly storagePrice: bigint;
  readonly writePrice: bigint;
}

const CHECK_MS = 10_000;

/** What the operators of the nodes do together: epochs, prices, stake. */
export class Epochs {
  readonly #life: ChainLife;
  readonly #seed: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(life: ChainLife, seed: string) {
    this.#life = life;
    this.#seed = seed;
  }

  /** when the voting of this epoch ends, or the epoch itself: chain time in ms; undefined while shards move */
  get dueMs(): number | undefined {
    const { epochState } = this.#life.port.state();
    const duration = this.#durationMs;
    if (epochState.kind === 'sync') return undefined;
    return epochState.sinceMs + (epochState.kind === 'done' ? duration / 2 : duration);
  }

  /**
   * Starts the next epoch now: puts the chain's clock forward as far as the contract wants it.
   *
   * @returns the new epoch, in which shards may still move
   * @throws ContractRefusal while the last change is not done
   */
  advance(): Promise<number> {
    return this.#inTurn(async () => {
      const state = () => this.#life.port.state();
      if (state().epochState.kind === 'sync') {
        throw new ContractRefusal(`the nodes are still moving to epoch ${state().epoch}`);
      }
      if (state().epochState.kind === 'done') await this.#step('voting-end');
      await this.#step('initiate-epoch-change');
      return state().epoch;
    });
  }

  /** Takes the steps whose time has come, for ever. */
  async run(clock: Clock, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await clock.sleep(CHECK_MS, signal);
      } catch {
        return;
      }
      await this.#inTurn(async () => {
        const { dueMs } = this;
        if (dueMs === undefined || dueMs > this.#life.chain.now()) return;
        const isDone = this.#life.port.state().epochState.kind === 'done';
        await this.#step(isDone ? 'voting-end' : 'initiate-epoch-change');
      }).catch(() => undefined); // the chain is away, or somebody was faster
    }
  }

  /** All nodes vote for these prices, which are in force at once. */
  setPrices(prices: Prices): Promise<void> {
    return this.#inTurn(async () => {
      const { port, ids } = this.#life;
      const { members } = port.state().current;
      for (const { nodeId } of members) {
        this.#must(await port.submit({ kind: 'vote', nodeId, ...prices }));
      }
      const [first] = members;
      if (first === undefined) return;
      const sent = port.operate(first.nodeId, ({ object, walrus }) => {
        const [staking, system] = [object(ids.stakingObjectId), object(ids.systemObjectId)];
        walrus('staking::update_prices', [staking, system]);
      });
      this.#must(await sent);
    });
  }

  /** The operator of a node withdraws its stake: the next committee is without the node. */
  retire(nodeId: string): Promise<void> {
    return this.#inTurn(async () => {
      const { port, ids } = this.#life;
      const sent = port.operate(nodeId, ({ object, walrus }) => {
        const [staking, stake] = [object(ids.stakingObjectId), nodeStakeId(this.#seed, nodeId)];
        walrus('staking::request_withdraw_stake', [staking, object(stake)]);
      });
      this.#must(await sent);
    });
  }

  /** More stake for a node, out of the faucet: more shards in the epoch after the next selection. */
  stake(nodeId: string, amount: bigint): Promise<void> {
    return this.#inTurn(async () => {
      const { port, ids, giver } = this.#life;
      const owner = operatorKey(this.#seed, nodeId).toSuiAddress();
      const [coin] = await giver.give(owner, [{ coinType: ids.walType, amount }]);
      if (coin === undefined) throw new ContractRefusal('the faucet gave nothing');
      const sent = port.operate(nodeId, ({ tx, object, walrus }) => {
        const [staking, wal] = [object(ids.stakingObjectId), object(coin.objectId)];
        const staked = walrus('staking::stake_with_pool', [staking, wal, tx.pure.id(nodeId)]);
        tx.transferObjects([staked], owner);
      });
      this.#must(await sent);
    });
  }

  get #durationMs(): number {
    return Number(this.#life.port.contract.staking.epoch_duration);
  }

  async #step(kind: 'voting-end' | 'initiate-epoch-change'): Promise<void> {
    const { chain, port } = this.#life;
    const late = (this.dueMs ?? 0) - chain.now();
    if (late > 0) await chain.advanceClock(Math.ceil(late));
    const nodeId = port.state().current.members[0]?.nodeId ?? '';
    this.#must(await port.submit({ kind, nodeId } as NodeCall));
  }

  #must({ failure }: NodeCallResult): void {
    if (failure !== undefined) throw new ContractRefusal(failure);
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
