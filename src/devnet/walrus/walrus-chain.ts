import { fromBase64 } from '@mysten/bcs';
import type {
  ChainBlobObject,
  ChainEvent,
  ChainPort,
  ChainState,
  ChainTransaction,
  NodeCall,
  NodeCallResult,
} from '../chain-port.ts';
import type { SuiChain } from '../sui/chain.ts';
import type { WalrusIds } from '../sui/genesis-plan.ts';
import type { ExecutedTransaction } from '../sui/ledger/ledger.ts';
import { eventsOf } from './chain-events.ts';
import { type Contract, ContractReader } from './contract-reader.ts';
import { Operator, type Writer } from './operator.ts';

type Listener = (event: ChainEvent) => void;

/**
 * The Walrus contract on a chain, for those who follow it. It outlives the chain's restarts: whoever has subscribed goes
 * on where the chain was.
 */
export class WalrusChain implements ChainPort {
  readonly #ids: WalrusIds;
  readonly #seed: string;
  readonly #listeners = new Set<Listener>();
  readonly #events: ChainEvent[] = [];
  #chain: SuiChain;
  #reader: ContractReader;
  #operator: Operator;
  #leave: () => void = () => undefined;
  #away = false;
  #attached: Promise<void> = Promise.resolve();
  #ready: () => void = () => undefined;

  constructor(chain: SuiChain, ids: WalrusIds, seed: string) {
    this.#ids = ids;
    this.#seed = seed;
    this.#chain = chain;
    [this.#reader, this.#operator] = this.#attach(chain);
  }

  get chain(): SuiChain {
    return this.#chain;
  }

  get contract(): Contract {
    return this.#reader.contract;
  }

  /** The chain is gone: what is known stays known, what is sent waits. */
  detach(): void {
    if (this.#away) return;
    this.#away = true;
    this.#leave();
    this.#attached = new Promise((resolve) => {
      this.#ready = resolve;
    });
  }

  /** Goes on with the same chain after it was opened again. */
  attach(chain: SuiChain): void {
    this.#leave();
    this.#away = false;
    this.#ready();
    this.#chain = chain;
    [this.#reader, this.#operator] = this.#attach(chain);
  }

  state(): ChainState {
    return this.#reader.state;
  }

  events(sequence: number, limit = Number.POSITIVE_INFINITY): readonly ChainEvent[] {
    return this.#events.slice(sequence, sequence + limit);
  }

  subscribe(sequence: number, listener: Listener): () => void {
    for (const event of this.#events.slice(sequence)) listener(event);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  transaction(digest: string): ChainTransaction | undefined {
    const executed = this.#chain.ledger.transaction(digest);
    if (executed === undefined || executed.checkpoint > this.#chain.visibleHeight())
      return undefined;
    const { tx, outcome, balanceChanges, timestampMs } = executed;
    const first = tx.programmable.inputs[0];
    return {
      digest,
      sender: tx.data.sender,
      succeeded: outcome.failure === undefined,
      timestampMs,
      firstPureInput: first?.Pure ? fromBase64(first.Pure.bytes) : undefined,
      balanceChanges,
    };
  }

  blobObject(objectId: string): ChainBlobObject | undefined {
    return this.#reader.blob(objectId);
  }

  /** Never rejects: what was refused is told as a failure. */
  submit(call: NodeCall): Promise<NodeCallResult> {
    return this.#send(() => this.#operator.submit(call));
  }

  /** Executes what `build` writes as the operator of a node. Never rejects. */
  operate(nodeId: string, build: (write: Writer) => void): Promise<NodeCallResult> {
    return this.#send(() => this.#operator.run(nodeId, build));
  }

  async #send(run: () => Promise<NodeCallResult>): Promise<NodeCallResult> {
    for (;;) {
      await this.#attached;
      try {
        return await run();
      } catch (error) {
        if (!this.#away) return { digest: '', failure: String(error) };
      }
    }
  }

  #attach(chain: SuiChain): [ContractReader, Operator] {
    const reader = new ContractReader(chain.ledger, this.#ids);
    const operator = new Operator(chain, this.#ids, this.#seed, () => reader.contract.packageId);
    // What it executed before anybody listened, or while a process of its own was away.
    for (const executed of chain.ledger.transactions) this.#take(executed, () => undefined);
    this.#leave = chain.onCommit((executed) => {
      this.#take(executed, (event) => {
        for (const listener of [...this.#listeners]) listener(event);
      });
    });
    return [reader, operator];
  }

  #take(executed: ExecutedTransaction, tell: Listener): void {
    if (executed.firstEvent < this.#events.length) return;
    const events = eventsOf(executed, this.#ids.originalPackageId);
    this.#events.push(...events);
    for (const event of events) tell(event);
  }
}
