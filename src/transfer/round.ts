import { reactionTo } from '../network/reaction.ts';
import {
  quorumWeight,
  type StorageCommittee,
  type StorageMember,
  validityWeight,
} from '../protocol/committee.ts';
import { HauloutError, type NodeFailure } from '../protocol/errors.ts';
import { confirmationMessage } from '../protocol/messages.ts';
import { objectIdBytes } from '../protocol/object-id.ts';
import { Confirmations } from './confirmations.ts';
import { deferred } from './deferred.ts';
import { Gate } from './gate.ts';
import type { Holdings } from './holdings.ts';
import type { Place } from './node-facts.ts';
import { NodeUpload } from './node-upload.ts';
import type { PutState } from './put-state.ts';
import type { NodeState, PutOutcome, TailReport } from './put-types.ts';

/** A node that makes no progress for so long is given up. */
const PATIENCE_MS = 45_000;
/** after a quorum, nodes that are nearly done may still join the certificate: this part of the time so far */
const GRACE = 0.05;
const LONGEST_GRACE_MS = 300;
/** the certificate is put on chain before the other nodes get their slivers: line and processor are its own so long */
const HEAD_START_MS = 1_000;
/** nodes that speak of another epoch make the chain be read so often at most */
const REFRESH_MS = 3_000;
/** above the number of members in any committee: a node's place counts less than its upload's */
const MEMBERS = 10_000;
const AFTER_QUORUM = 1e9;

export type RoundEnd =
  | { readonly kind: 'certified'; readonly outcome: PutOutcome }
  /** the epoch ended; slivers stay where they are, confirmations do not count any more */
  | { readonly kind: 'stale'; readonly committee: StorageCommittee };

/** One upload as far as one committee is concerned: it ends with a certificate, an error, or the epoch. */
export class Round {
  readonly committee: StorageCommittee;
  readonly gate: Gate;
  readonly #state: PutState;
  readonly #outer: AbortSignal;
  readonly #stop = new AbortController();
  readonly #beganAt: number;
  readonly #quorum: number;
  readonly #totalBytes: number;
  #storedBytes = 0;
  #confirmations: Confirmations | undefined;
  /** members whose uploads are under way */
  readonly #open = new Set<number>();
  /** members whose confirmation comes from an earlier life */
  readonly #remembered = new Set<number>();
  readonly #failures = new Map<number, string>();
  #refusedWeight = 0;
  #refreshedAt: number | undefined;
  #isGracing = false;
  #isDelivered = false;
  readonly #end = deferred<RoundEnd>();
  readonly #tail = deferred<TailReport>();
  /** rejects when nobody works for this round any more */
  readonly #stopped = deferred<never>();

  constructor(state: PutState, committee: StorageCommittee, outer: AbortSignal) {
    const { clock } = state.doors;
    state.checkShardCount(committee.shardCount);
    this.#state = state;
    this.#outer = outer;
    this.committee = committee;
    this.#quorum = quorumWeight(committee.shardCount);
    this.#beganAt = clock.monotonic();
    const weights = committee.members.map(({ weight }) => weight);
    this.gate = new Gate(weights, this.#quorum, clock, this.signal);
    let totalBytes = 0;
    for (const member of committee.members) {
      const holdings = this.holdingsOf(member.nodeId);
      holdings.presume(state.storedAnywhere());
      for (const place of this.placesOf(member)) {
        totalBytes += this.bytesOf(place);
        if (holdings.has(place)) this.#storedBytes += this.bytesOf(place);
      }
    }
    this.#totalBytes = totalBytes;
    this.#stopped.promise.catch(() => {}); // it may be that nobody waits
  }

  get doors() {
    return this.#state.doors;
  }

  get put() {
    return this.#state.put;
  }

  get pace() {
    return this.#state.pace;
  }

  get patienceMs(): number {
    return this.put.patienceMs ?? PATIENCE_MS;
  }

  /** fires when nobody works for this round any more */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** The same for one node: a signal with a listener for each request would have too many. */
  childSignal(): AbortSignal {
    const child = new AbortController();
    this.#stopped.promise.catch((reason) => child.abort(reason));
    return child.signal;
  }

  get isRegistered(): boolean {
    return this.#state.registration !== undefined;
  }

  /** Waits for the end of the approval. @throws what `put.registration` rejects with, 'aborted' */
  async registered(): Promise<void> {
    if (this.isRegistered) return;
    await Promise.race([this.#state.registered, this.#stopped.promise]);
  }

  /** of a deletable blob; after the registration */
  get objectId(): string | undefined {
    return this.#state.registration?.objectId;
  }

  /** What members have to sign; after the registration. */
  get message(): Uint8Array {
    const { blobId } = this.#state;
    const { objectId } = this;
    const object = objectId === undefined ? {} : { objectId: objectIdBytes(objectId) };
    return confirmationMessage({ epoch: this.committee.epoch, blobId, ...object });
  }

  holdingsOf(nodeId: string): Holdings {
    return this.#state.holdingsOf(nodeId);
  }

  placesOf(member: StorageMember): readonly Place[] {
    return this.#state.placesOf(member);
  }

  bytesOf(place: Place): number {
    return this.#state.bytesOf(place);
  }

  /** When a member's requests go; the smallest first. */
  orderOf(index: number): number {
    const late = this.#confirmations?.isQuorum === true ? AFTER_QUORUM : 0;
    return late + this.#state.number * MEMBERS + this.gate.rank(index);
  }

  tell(index: number, state: NodeState, reason?: string): void {
    const member = this.committee.members[index] as StorageMember;
    this.put.onNode?.(member.nodeId, state, reason);
  }

  /** So many bytes more, or fewer, are at nodes. */
  moved(bytes: number): void {
    this.#storedBytes += bytes;
    this.gate.moved();
    this.#report();
  }

  /** Looks whether the epoch has ended; then this round has too. @throws HauloutError 'aborted' then */
  async refresh(): Promise<void> {
    const { clock } = this.doors;
    const now = clock.monotonic();
    if (this.#refreshedAt !== undefined && now - this.#refreshedAt < REFRESH_MS) return;
    this.#refreshedAt = now;
    // A chain that does not answer says nothing about the epoch.
    const committee = await this.put.committee(this.committee).catch(() => undefined);
    if (committee === undefined || committee.epoch <= this.committee.epoch) return;
    this.#end.resolve({ kind: 'stale', committee });
    this.#close();
    this.signal.throwIfAborted();
  }

  /** @throws HauloutError as `putBlob` */
  run(): Promise<RoundEnd> {
    this.#outer.addEventListener('abort', this.#abort, { once: true });
    if (this.#outer.aborted) this.#abort();
    this.#state.registered.catch((error) => this.#reject(error));
    for (const index of this.committee.members.keys()) {
      if (!this.#remember(index)) void this.#upload(index);
    }
    this.#check();
    return this.#end.promise;
  }

  /** Takes a confirmation of this epoch from an earlier life, if there is one. */
  #remember(index: number): boolean {
    const { nodeId } = this.committee.members[index] as StorageMember;
    const known = this.put.known?.get(nodeId)?.confirmation;
    if (!this.isRegistered || known?.epoch !== this.committee.epoch) return false;
    this.#signatures().add(index, known.signature);
    this.#remembered.add(index);
    this.gate.sent(index);
    return true;
  }

  async #upload(index: number): Promise<void> {
    this.#open.add(index);
    try {
      const member = this.committee.members[index] as StorageMember;
      const signature = await new NodeUpload(this, index, member).run();
      this.#open.delete(index);
      this.#signatures().add(index, signature);
    } catch (error) {
      if (this.signal.aborted) return;
      this.#open.delete(index);
      this.#judge(index, error);
    }
    this.#check();
  }

  /** Tells a node's failure from one of ours. */
  #judge(index: number, error: unknown): void {
    const reaction = reactionTo(error);
    if (reaction === 'stop' || !(error instanceof HauloutError)) {
      this.#reject(error);
      return;
    }
    const { reason = error.code } = error.detail as { reason?: string };
    this.#fail(index, reason);
    if (reaction !== 'bytes-refused' && reaction !== 'blob-poisoned') return;
    this.#refusedWeight += this.#weightOf(index);
    if (this.#refusedWeight < validityWeight(this.committee.shardCount)) return;
    this.#reject(new HauloutError('blob-refused', { blobId: this.put.blobId, reason }));
  }

  #fail(index: number, reason: string): void {
    this.#failures.set(index, reason);
    this.gate.failed(index);
    this.tell(index, 'failed', reason);
  }

  /** Looks whether the round is at an end. */
  #check(): void {
    if (this.signal.aborted) return;
    const confirmations = this.#confirmations;
    if (confirmations && !confirmations.isQuorum && confirmations.claimedWeight >= this.#quorum) {
      this.#settle();
    }
    if (confirmations?.isQuorum === true) {
      if (this.#open.size === 0) this.#settle(); // may find one that has to be asked again
      if (this.#open.size === 0) this.#finish();
      else void this.#grace();
      return;
    }
    const failed = [...this.#failures.keys()].reduce((sum, i) => sum + this.#weightOf(i), 0);
    if (this.committee.shardCount - failed >= this.#quorum) return;
    this.#settle();
    if (this.signal.aborted) return;
    const have = confirmations?.weight ?? 0;
    const detail = { have, need: this.#quorum, failed: this.#failed() };
    this.#reject(new HauloutError('quorum-unreached', detail));
  }

  /** Verifies the confirmations that are here. */
  #settle(): void {
    const confirmations = this.#confirmations;
    if (confirmations === undefined) return;
    const { good, bad } = confirmations.settle();
    const { epoch } = this.committee;
    for (const index of good) {
      const { nodeId } = this.committee.members[index] as StorageMember;
      const signature = confirmations.signature(index) as Uint8Array;
      if (!this.#remembered.has(index)) {
        this.put.onFact?.({ kind: 'confirmation', nodeId, epoch, signature });
      }
      this.tell(index, 'confirmed');
    }
    for (const index of bad) {
      // What was written down may be damaged: the node is asked again.
      if (this.#remembered.delete(index)) void this.#upload(index);
      else this.#fail(index, 'signature');
    }
    this.#report();
  }

  async #grace(): Promise<void> {
    if (this.#isGracing) return;
    this.#isGracing = true;
    const { clock } = this.doors;
    const ms = Math.min(LONGEST_GRACE_MS, GRACE * (clock.monotonic() - this.#beganAt));
    try {
      // Who has not begun would not be done in so short a time.
      if ([...this.#open].some((index) => this.gate.isInside(index))) {
        await clock.sleep(ms, this.signal);
      }
      this.#deliver();
      await clock.sleep(HEAD_START_MS, this.signal);
      this.gate.open();
    } catch {
      // the round is over
    }
  }

  #deliver(): void {
    if (this.#isDelivered) return;
    this.#isDelivered = true;
    this.#settle();
    const certificate = this.#signatures().certificate();
    const outcome = { certificate, committee: this.committee, tail: this.#tail.promise };
    this.#end.resolve({ kind: 'certified', outcome });
  }

  #finish(): void {
    this.#deliver();
    this.#close();
  }

  #reject(error: unknown): void {
    this.#end.reject(error);
    this.#close();
  }

  readonly #abort = () => {
    this.#reject(new HauloutError('aborted', {}, { cause: this.#outer.reason }));
  };

  #close(): void {
    this.#outer.removeEventListener('abort', this.#abort);
    const confirmedWeight = this.#confirmations?.weight ?? 0;
    this.#tail.resolve({ confirmedWeight, failed: this.#failed() });
    const reason = new HauloutError('aborted', {});
    this.#stop.abort(reason);
    this.#stopped.reject(reason);
  }

  #signatures(): Confirmations {
    this.#confirmations ??= new Confirmations(this.committee, this.message);
    return this.#confirmations;
  }

  #failed(): NodeFailure[] {
    return [...this.#failures].map(([index, reason]) => {
      const { nodeId } = this.committee.members[index] as StorageMember;
      return { nodeId, reason };
    });
  }

  #weightOf(index: number): number {
    return this.committee.members[index]?.weight ?? 0;
  }

  #report(): void {
    this.put.onProgress?.({
      storedBytes: this.#storedBytes,
      totalBytes: this.#totalBytes,
      confirmedWeight: this.#confirmations?.weight ?? 0,
      quorumWeight: this.#quorum,
    });
  }
}
