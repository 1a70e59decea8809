import { HauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import type { GasView, NodeView, ReadOptions, SystemView } from './chain-client.ts';
import { type Endpoints, unavailable, type Work } from './endpoints.ts';
import type { StakingInner } from './layouts/staking.ts';
import type { NetworkInfo } from './network-info.ts';
import { readNodes, readSystem } from './read-system.ts';

const SYSTEM_MS = 60_000; // prices may change at any time, so nothing is kept for long
const GAS_MS = 15_000;
const MAX_GAS_PRICE_MIST = 100_000n; // a hundred times of what is usual; more is taken for a lie
const MAX_PRICE_RATIO = 3n;

type Read = { view: SystemView; staking: StakingInner };

/** What is read once and kept for a while: the contract's state, its nodes, Sui's epoch and price. */
export class ContractState {
  readonly #endpoints: Endpoints;
  readonly #network: NetworkInfo;
  readonly #clock: Clock;
  #system: Kept<Read> | undefined;
  #nodes: { readonly of: Read; readonly nodes: readonly NodeView[] } | undefined;
  #gas: Kept<GasView> | undefined;

  constructor(endpoints: Endpoints, network: NetworkInfo, clock: Clock) {
    this.#endpoints = endpoints;
    this.#network = network;
    this.#clock = clock;
  }

  forget(): void {
    this.#system = undefined;
    this.#nodes = undefined;
    this.#gas = undefined;
  }

  async system({ fresh = false, signal }: ReadOptions = {}): Promise<SystemView> {
    return (await this.#read(fresh, signal)).view;
  }

  async nodes({ fresh = false, signal }: ReadOptions = {}): Promise<readonly NodeView[]> {
    const read = await this.#read(fresh, signal);
    if (this.#nodes?.of !== read) {
      const nodes = await this.#endpoints.first(
        (client, inner) => readNodes(client, read, inner),
        signal,
      );
      this.#nodes = { of: read, nodes };
    }
    return this.#nodes.nodes;
  }

  async gas({ fresh = false, signal }: ReadOptions = {}): Promise<GasView> {
    const now = this.#clock.monotonic();
    if (!fresh && this.#gas !== undefined && now < this.#gas.until) return this.#gas.value;
    const views = await this.#everyAnswer(async ({ core }, inner): Promise<GasView> => {
      const { systemState } = await core.getCurrentSystemState({ signal: inner });
      return {
        suiEpoch: BigInt(systemState.epoch),
        referencePriceMist: BigInt(systemState.referenceGasPrice),
      };
    }, signal);
    const value = views.reduce((a, b) => (b.suiEpoch > a.suiEpoch ? b : a));
    const prices = views.map(({ referencePriceMist }) => referencePriceMist);
    const most = prices.reduce((a, b) => (a > b ? a : b));
    const least = prices.reduce((a, b) => (a < b ? a : b));
    if (most > MAX_GAS_PRICE_MIST || most > MAX_PRICE_RATIO * least) {
      const reason = `a gas price of ${most} MIST is not believed`;
      throw new HauloutError('chain-unavailable', { reason });
    }
    this.#gas = { value, until: now + GAS_MS };
    return value;
  }

  /** Reads from one endpoint, and from all where there are more: they must agree. */
  async #read(fresh: boolean, signal?: AbortSignal): Promise<Read> {
    const { wall, monotonic } = this.#clock;
    const kept = this.#system;
    if (!fresh && kept && monotonic() < kept.until && wall() < kept.value.view.epochEndsMs) {
      return kept.value;
    }
    const answers = await this.#everyAnswer(
      (client, inner) => readSystem(client, this.#network, inner),
      signal,
    );
    const [newest, ...others] = answers.sort((a, b) => b.view.epoch - a.view.epoch);
    if (newest === undefined) throw unavailable('nobody answers');
    for (const other of others) {
      const field = difference(newest.view, other.view);
      if (field === undefined) continue;
      throw new HauloutError('chain-unavailable', { reason: `full nodes disagree on ${field}` });
    }
    this.#system = { value: newest, until: monotonic() + SYSTEM_MS };
    return newest;
  }

  /** One endpoint is asked until it answers; of several, those count that do. */
  async #everyAnswer<T>(work: Work<T>, signal?: AbortSignal): Promise<T[]> {
    if (this.#endpoints.count === 1) return [await this.#endpoints.first(work, signal)];
    return answersOf(await this.#endpoints.all(work, signal));
  }
}

interface Kept<T> {
  readonly value: T;
  /** on the monotonic clock */
  readonly until: number;
}

/** What was answered; fails only if nobody did. */
function answersOf<T>(results: readonly PromiseSettledResult<T>[]): T[] {
  const answers = results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
  if (answers.length > 0) return answers;
  const [first] = results;
  throw unavailable(first?.status === 'rejected' ? first.reason : 'there is no endpoint');
}

/** On what two full nodes that know the same epoch disagree. One of them may be an epoch behind. */
function difference(a: SystemView, b: SystemView): string | undefined {
  if (a.packages.callId !== b.packages.callId) return 'the contract';
  if (a.epoch !== b.epoch) return undefined;
  const keysOf = ({ committee }: SystemView) =>
    committee.members.map(({ nodeId, publicKey, weight }) => `${nodeId} ${publicKey} ${weight}`);
  if (keysOf(a).join() !== keysOf(b).join()) return 'the committee';
  return undefined;
}
