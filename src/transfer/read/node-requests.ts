import { NodeClient } from '../../network/node-client.ts';
import { type Reaction, reactionTo } from '../../network/reaction.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { OVER } from '../over.ts';
import type { Holder, ReadDoors, ReadTally } from './read-types.ts';

/** A node that says nothing for so long says nothing any more. */
const IDLE_MS = 10_000;

/** What an exchange with a node came to that did not bring what was asked for. */
export type Refusal = Reaction | 'lie' | 'silent';

/** One question to a node. */
export interface Question<T, V> {
  /** of the answer, about */
  readonly bytes: number;
  /** which of the questions that wait goes first; the smallest */
  readonly order?: number;
  ask(client: NodeClient, signal: AbortSignal): Promise<T>;
  /** @throws HauloutError where the answer is not what was asked for */
  check(answer: T): Promise<V>;
  /** called when the answer takes longer than it should, or is asked of a node that owes others for so long */
  late?(): void;
}

/** What a node is to blame for, and not the one who checks. */
const LIES = [
  ...['metadata-malformed', 'metadata-mismatch', 'sliver-malformed', 'sliver-mismatch'],
  ...['symbol-malformed', 'symbol-mismatch'],
];

/** Asks nodes about one blob, and remembers how they did. */
export class NodeRequests {
  readonly #doors: ReadDoors;
  readonly #blobId: string;
  readonly #tally: ReadTally;

  constructor(doors: ReadDoors, blobId: string, tally: ReadTally) {
    this.#doors = doors;
    this.#blobId = blobId;
    this.#tally = tally;
  }

  /**
   * The answer of one node, checked.
   *
   * @throws HauloutError 'aborted', and those that are not the node's fault
   */
  async ask<T, V>(
    { nodeId, networkAddress }: Holder,
    question: Question<T, V>,
    outer: AbortSignal,
  ): Promise<{ readonly value: V } | { readonly refusal: Refusal }> {
    const { clock, health, pace, transport, nodeUrl } = this.#doors;
    const { bytes, order = 0 } = question;
    const signal = AbortSignal.any([outer]); // its own: listeners do not pile up on one
    const begun = clock.monotonic();
    const exchange = async (paceMs: number, late: () => void) => {
      // Whoever waited behind requests that nobody answered need not find that out again.
      if (health.isSilentSince(nodeId, begun)) throw silence(networkAddress);
      const watch = new AbortController();
      const since = clock.monotonic();
      void clock.sleep(health.patienceMs(nodeId, bytes), watch.signal).then(
        () => {
          late();
          question.late?.();
          health.late(nodeId, since);
        },
        () => undefined,
      );
      const idleMs = Math.min(IDLE_MS, paceMs);
      const client = new NodeClient(transport, nodeUrl(networkAddress), this.#blobId, idleMs);
      this.#tally.requests++;
      try {
        const answer = await question.ask(client, signal);
        health.answered(nodeId, clock.monotonic() - since, bytes);
        this.#tally.receivedBytes += bytes;
        return answer;
      } finally {
        watch.abort(OVER);
      }
    };
    const unhear = health.whenLate(nodeId, () => question.late?.());
    try {
      const turn = { host: networkAddress, bytes, order: () => order };
      return { value: await question.check(await pace.run(turn, exchange, signal)) };
    } catch (error) {
      return { refusal: this.#refusalOf(nodeId, error) };
    } finally {
      unhear();
    }
  }

  /** @throws what no node is to blame for */
  #refusalOf(nodeId: string, error: unknown): Refusal {
    const { health } = this.#doors;
    if (!isHauloutError(error)) throw error;
    if (LIES.includes(error.code)) {
      health.lied(nodeId);
      this.#tally.fail(nodeId, error.code);
      return 'lie';
    }
    const reaction = reactionTo(error);
    if (reaction === 'stop') throw error;
    this.#tally.fail(nodeId, reasonOf(error));
    if (isHauloutError(error, 'host-silent')) {
      health.silent(nodeId);
      return 'silent';
    }
    if (reaction === 'back-off') health.failed(nodeId);
    return reaction;
  }
}

function silence(host: string): HauloutError {
  return new HauloutError('host-silent', { host, seconds: IDLE_MS / 1_000 });
}

function reasonOf(error: HauloutError): string {
  if (!isHauloutError(error, 'node-refused')) return error.code;
  return error.detail.reason ?? `${error.detail.status}`;
}
