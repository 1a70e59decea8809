import { HauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import type { GasView, LeavingNode, NodeView, ReadOptions, SystemView } from './chain-client.ts';
import { type Endpoints, unavailable, type Work } from './endpoints.ts';
import type { StakingInner } from './layouts/staking.ts';
import type { NetworkInfo } from './network-info.ts';
import { readLeavingNodes, readNodes, readSystem } from './read-system.ts';

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
  #leaving: { readonly of: Read; readonly nodes: readonly LeavingNode[] } | undefined;
  #gas: Kept<GasView> | undefined;

  constructor(endpoints: Endpoints, network: NetworkInfo, clock: Clock) {
    this.#endpoints = endpoints;
    this.#network = network;
    this.#clock = clock;
  }

  forget(): void {
    this.#system = undefined;
    this.#nodes = undefined;
    this.#leaving = undefined;
    this.#gas = undefined;
  }

  async system(options: ReadOptions = {}): Promise<SystemView> {
    return (await this.#read(options)).view;
  }

  async nodes(options: ReadOptions = {}): Promise<readonly NodeView[]> {
    const { signal } = options;
    const read = await this.#read(options);
    if (this.#nodes?.of !== read) {
      const nodes = await this.#endpoints.first(
        (client, inner) => readNodes(client, read, inner),
        signal,
      );
      this.#nodes = { of: read, nodes };
    }
    return this.#nodes.nodes;
  }

  async leavingNodes(options: ReadOptions = {}): Promise<readonly LeavingNode[]> {
    const { signal } = options;
    const read = await this.#read(options);
    if (!read.view.changing) return [];
    if (this.#leaving?.of !== read) {
      const nodes = await this.#endpoints.first(
        (client, inner) => readLeavingNodes(client, read.staking, inner),
        signal,
      );
      this.#leaving = { of: read, nodes };
    }
    return this.#leaving.nodes;
  }

  async gas({ fresh = false, certain = false, signal }: ReadOptions = {}): Promise<GasView> {
    const now = this.#clock.monotonic();
    if (!fresh && !certain && this.#gas !== undefined && now < this.#gas.until)
      return this.#gas.value;
    const views = await this.#answers(
      certain,
      async ({ core }, inner): Promise<GasView> => {
        const { systemState } = await core.getCurrentSystemState({ signal: inner });
        return {
          suiEpoch: BigInt(systemState.epoch),
          referencePriceMist: BigInt(systemState.referenceGasPrice),
        };
      },
      signal,
    );
    const value = views.reduce((a, b) => (b.suiEpoch < a.suiEpoch ? b : a));
    const isApart = views.some(({ suiEpoch }) => suiEpoch > value.suiEpoch + 1n);
    demandAgreement(isApart ? 'the epoch of Sui' : undefined);
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
  async #read({ fresh = false, certain = false, signal }: ReadOptions): Promise<Read> {
    const { wall, monotonic } = this.#clock;
    const kept = this.#system;
    const isKept = kept && monotonic() < kept.until && wall() < kept.value.view.epochEndsMs;
    if (isKept && !fresh && !certain) return kept.value;
    const answers = await this.#answers(
      certain,
      (client, inner) => readSystem(client, this.#network, inner),
      signal,
    );
    const ascending = answers.sort((a, b) => a.view.epoch - b.view.epoch);
    const [earliest, newest] = [ascending[0], ascending.at(-1)];
    if (earliest === undefined || newest === undefined) throw unavailable('nobody answers');
    for (const other of answers) demandAgreement(difference(newest.view, other.view));
    this.#system = { value: newest, until: monotonic() + SYSTEM_MS };
    return certain ? earliest : newest;
  }

  /** One endpoint is asked until it answers; of several all must, or those count that do. */
  async #answers<T>(areAllNeeded: boolean, work: Work<T>, signal?: AbortSignal): Promise<T[]> {
    if (this.#endpoints.count === 1) return [await this.#endpoints.first(work, signal)];
    const results = await this.#endpoints.all(work, signal);
    const answers = results.flatMap((r) => (r.status === 'fulfilled' ? [r.value] : []));
    if (answers.length === results.length || (answers.length > 0 && !areAllNeeded)) return answers;
    throw unavailable(results.find((r) => r.status === 'rejected')?.reason);
  }
}

interface Kept<T> {
  readonly value: T;
  /** on the monotonic clock */
  readonly until: number;
}

/** @param field on which full nodes give answers that no delay explains */
function demandAgreement(field: string | undefined): void {
  if (field === undefined) return;
  throw new HauloutError('chain-unavailable', { reason: `full nodes disagree on ${field}` });
}

/** On what two full nodes disagree. One of them may be an epoch behind, and no more. */
function difference(a: SystemView, b: SystemView): string | undefined {
  if (a.packages.callId !== b.packages.callId) return 'the contract';
  if (Math.abs(a.epoch - b.epoch) > 1) return 'the epoch';
  if (a.epoch !== b.epoch) return undefined;
  const keysOf = ({ committee }: SystemView) =>
    committee.members.map(({ nodeId, publicKey, weight }) => `${nodeId} ${publicKey} ${weight}`);
  if (keysOf(a).join() !== keysOf(b).join()) return 'the committee';
  return undefined;
}
