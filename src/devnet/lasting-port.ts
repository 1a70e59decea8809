import type {
  ChainBlobObject,
  ChainEvent,
  ChainPort,
  ChainState,
  ChainTransaction,
  NodeCall,
  NodeCallResult,
} from './chain-port.ts';

interface Follower {
  next: number;
  readonly listener: (event: ChainEvent) => void;
  leave: () => void;
}

/** A view of a chain that outlives the chain's restarts: followers go on with the event that they have not had. */
export class LastingPort implements ChainPort {
  readonly #followers = new Set<Follower>();
  #port: ChainPort;

  constructor(port: ChainPort) {
    this.#port = port;
  }

  /** Goes on with the same chain after it was opened again. */
  attach(port: ChainPort): void {
    this.#port = port;
    for (const follower of this.#followers) this.#follow(follower);
  }

  state(): ChainState {
    return this.#port.state();
  }

  events(sequence: number, limit?: number): readonly ChainEvent[] {
    return this.#port.events(sequence, limit);
  }

  subscribe(sequence: number, listener: (event: ChainEvent) => void): () => void {
    const follower: Follower = { next: sequence, listener, leave: () => undefined };
    this.#followers.add(follower);
    this.#follow(follower);
    return () => {
      this.#followers.delete(follower);
      follower.leave();
    };
  }

  transaction(digest: string): ChainTransaction | undefined {
    return this.#port.transaction(digest);
  }

  blobObject(objectId: string): ChainBlobObject | undefined {
    return this.#port.blobObject(objectId);
  }

  submit(call: NodeCall): Promise<NodeCallResult> {
    return this.#port.submit(call);
  }

  #follow(follower: Follower): void {
    follower.leave();
    follower.leave = this.#port.subscribe(follower.next, (event) => {
      follower.next = event.sequence + 1;
      follower.listener(event);
    });
  }
}
