import type { Committee } from '../../protocol/committee.ts';
import type { HauloutError } from '../../protocol/errors.ts';
import type { JobFile, JobRecord } from '../../store/journal-facts.ts';
import type { IntentState } from '../../store/journal-state.ts';
import type { NodeState } from '../../transfer/put-types.ts';
import { NodeBoard } from './node-board.ts';
import { Snapshots } from './snapshots.ts';
import type {
  Condition,
  FileProgress,
  JobSnapshot,
  NodeProgress,
  Paid,
  Spent,
  StoreState,
} from './types.ts';

/** From the least advanced on: a batch is where its last file is. */
const ORDER: readonly StoreState[] = [
  ...(['awaiting-payment', 'in-wallet', 'settling', 'uploading', 'awaiting-certify'] as const),
  ...(['certifying', 'cancelled', 'topping-up', 'certified', 'already-stored'] as const),
];

interface SeenIntent {
  readonly state: IntentState;
  /** what is being done right now; derived from the facts where nothing is */
  readonly doing: StoreState | undefined;
}

/** What can be seen of a job from outside, kept up to date from its intents. */
export class JobView {
  readonly #record: JobRecord;
  readonly #intents = new Map<string, SeenIntent>();
  readonly #progress = new Map<string, Partial<FileProgress>>();
  readonly #board = new NodeBoard();
  readonly #snapshots: Snapshots<JobSnapshot>;
  #condition: Condition | undefined;
  #isPaused = false;
  #isToppingUp = false;

  constructor(record: JobRecord) {
    this.#record = record;
    this.#snapshots = new Snapshots(this.#make(), isStep);
  }

  get snapshot(): JobSnapshot {
    return this.#snapshots.latest;
  }

  [Symbol.asyncIterator](): AsyncIterator<JobSnapshot> {
    return this.#snapshots[Symbol.asyncIterator]();
  }

  begin(): void {
    this.#isPaused = false;
    this.#condition = undefined;
    this.#snapshots.begin();
    this.#push();
  }

  end(): void {
    this.#snapshots.end();
  }

  intent(intentId: string, state: IntentState, doing?: StoreState): void {
    this.#intents.set(intentId, { state, doing });
    this.#push();
  }

  progress(intentId: string, blob: number, progress: Partial<FileProgress>): void {
    const key = `${intentId}/${blob}`;
    this.#progress.set(key, { ...this.#progress.get(key), ...progress });
    this.#push();
  }

  /** A blob goes to these nodes now. */
  sending(intentId: string, blob: number, committee: Committee): void {
    this.#board.begin(`${intentId}/${blob}`, committee);
    this.#push();
  }

  node(intentId: string, blob: number, nodeId: string, state: NodeState): void {
    this.#board.node(`${intentId}/${blob}`, nodeId, state);
    this.#push();
  }

  /** The certificate of a blob is there, or it is not sent any more. */
  sent(intentId: string, blob: number): void {
    this.#board.end(`${intentId}/${blob}`);
    this.#push();
  }

  condition(condition: Condition | undefined): void {
    if (condition === undefined && this.#condition === undefined) return;
    this.#condition = condition;
    this.#push();
  }

  paused(): void {
    this.#isPaused = true;
    this.#push();
  }

  toppingUp(isToppingUp: boolean): void {
    this.#isToppingUp = isToppingUp;
    this.#push();
  }

  #push(): void {
    this.#snapshots.push(this.#make());
  }

  #make(): JobSnapshot {
    const files = this.#record.files.map((file): FileProgress => {
      const { name, blobId, bytes, place, unfinishedIn } = file;
      const seen = place && this.#intents.get(place.intentId);
      const progress = place && this.#progress.get(`${place.intentId}/${place.blob}`);
      return {
        ...(name === undefined ? {} : { name }),
        ...(unfinishedIn === undefined ? {} : { unfinishedIn }),
        ...{ blobId, bytes, storedBytes: 0, neededBytes: 0, confirmedWeight: 0, quorumWeight: 0 },
        ...progress,
        state: place ? this.#stateOf(seen, place.blob) : stateWithout(file),
      };
    });
    const intents = [...this.#intents.values()].map(({ state }) => state);
    // What another job stores says nothing of this one, unless there is nothing else.
    const own = files.filter((file) => file.unfinishedIn === undefined);
    const states = (own.length > 0 ? own : files).map(({ state }) => ORDER.indexOf(state));
    const condition = this.#condition;
    const { shown } = this.#record;
    const { nodes, isNewEpoch } = this.#board;
    return {
      jobId: this.#record.jobId,
      ...(shown ? { shown } : {}),
      ...spentOf(intents),
      state: ORDER[Math.min(...states)] ?? 'already-stored',
      paid: paidOf(intents),
      ...(isPartlyPaid(intents) ? { isPartlyPaid: true } : {}),
      isPaused: this.#isPaused,
      ...(condition ? { condition } : {}),
      files,
      ...(nodes.length > 0 ? { nodes: this.#isPaused ? nodes.map(atRest) : nodes } : {}),
      ...(isNewEpoch ? { isNewEpoch } : {}),
    };
  }

  #stateOf(seen: SeenIntent | undefined, blob: number): StoreState {
    if (seen === undefined) return 'awaiting-payment';
    const { state, doing } = seen;
    if (state.certified.has(blob)) return this.#isToppingUp ? 'topping-up' : 'certified';
    switch (state.phase) {
      case 'planned':
      case 'keyed':
        return doing ?? 'awaiting-payment';
      case 'signed':
        return 'settling';
      case 'registered':
        return doing ?? 'uploading';
      case 'certifying':
      case 'done':
        return 'certifying';
      default:
        return 'cancelled';
    }
  }
}

/** Of a file for which this job has nothing to do: it is stored, or another job is to store it. */
function stateWithout({ unfinishedIn }: JobFile): StoreState {
  return unfinishedIn === undefined ? 'already-stored' : 'cancelled';
}

/** While an upload is paused nothing is sent to any node. */
function atRest(node: NodeProgress): NodeProgress {
  return node.state === 'sending' ? { ...node, state: 'waiting' } : node;
}

/** What the facts say about money; a signature that was not sent is no payment. */
export function paidOf(intents: readonly IntentState[]): Paid {
  if (intents.some(({ pending }) => pending?.purpose === 'register')) return 'unknown';
  return intents.some(({ registered }) => registered !== undefined) ? 'paid' : 'nothing';
}

function isPartlyPaid(intents: readonly IntentState[]): boolean {
  if (paidOf(intents) !== 'paid') return false;
  const paid = intents.filter(({ registered }) => registered !== undefined);
  return paid.length > 0 && paid.length < intents.length;
}

/**
 * What the payments took, as the chain told it, with the fees of what failed; nothing before the
 * first, or while that of one is not known.
 */
export function spentOf(intents: readonly IntentState[]): { spent?: Spent } {
  let [frost, mist, atMs] = [0n, 0n, Number.POSITIVE_INFINITY];
  for (const { registered, returnedMist, failedFees, atMs: plannedMs } of intents) {
    for (const feeMist of failedFees.values()) mist += feeMist;
    if (failedFees.size > 0) atMs = Math.min(atMs, registered?.atMs ?? plannedMs);
    if (registered === undefined) continue;
    if (registered.spent === undefined) return {};
    frost += registered.spent.frost;
    mist += registered.spent.mist - returnedMist;
    atMs = Math.min(atMs, registered.atMs);
  }
  return Number.isFinite(atMs) ? { spent: { frost, mist, atMs } } : {};
}

/** More than progress: a reader must not miss it. */
function isStep(before: JobSnapshot, after: JobSnapshot): boolean {
  const codeOf = ({ condition }: JobSnapshot): HauloutError['code'] | undefined =>
    condition?.error.code;
  return (
    before.state !== after.state ||
    before.paid !== after.paid ||
    before.isPaused !== after.isPaused ||
    codeOf(before) !== codeOf(after) ||
    before.files.some(({ state, error }, at) => {
      const next = after.files[at];
      return state !== next?.state || error !== next.error;
    })
  );
}
