import { NodeClient, type Taken } from '../network/node-client.ts';
import { reactionTo } from '../network/reaction.ts';
import type { StorageMember } from '../protocol/committee.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import { readConfirmation } from '../protocol/messages.ts';
import { sameBytes } from '../protocol/same-bytes.ts';
import type { Holdings } from './holdings.ts';
import type { Place } from './node-facts.ts';
import { HOST_REQUESTS } from './pace.ts';
import type { Round } from './round.ts';

/** Longest silence for requests that carry nothing. */
const IDLE_MS = 15_000;
const LONG_POLL_MS = 4_000;
const FIRST_WAIT_MS = 150;
const LONGEST_WAIT_MS = 8_000;
/** a node may lose things so often */
const SETBACKS = 4;

type Step = 'send' | 'check' | 'confirm';

/**
 * Brings one node everything that it has to hold of a blob, and gets its confirmation: metadata, slivers in a few
 * lanes, confirmation. What fails is tried again while the node makes progress now and then.
 */
export class NodeUpload {
  readonly #round: Round;
  readonly #index: number;
  readonly #member: StorageMember;
  readonly #holdings: Holdings;
  readonly #client: NodeClient;
  readonly #places: readonly Place[];
  readonly #signal: AbortSignal;
  /** the node wrote something to its disk: it knows of the registration */
  #persists = false;
  #wasRefused = false;
  #setbacks = 0;
  #progressAt: number;

  constructor(round: Round, index: number, member: StorageMember) {
    const { doors, put } = round;
    this.#round = round;
    this.#index = index;
    this.#member = member;
    this.#holdings = round.holdingsOf(member.nodeId);
    this.#places = round.placesOf(member);
    this.#signal = round.childSignal();
    const url = doors.nodeUrl?.(member.networkAddress) ?? `https://${member.networkAddress}`;
    this.#client = new NodeClient(doors.transport, url, put.blobId, IDLE_MS);
    this.#progressAt = doors.clock.monotonic();
  }

  /**
   * @returns the node's signature over the round's message, not verified
   * @throws HauloutError, the last thing that went wrong with this node; anything that `put.slivers` throws
   */
  async run(): Promise<Uint8Array> {
    const round = this.#round;
    let step = await this.#begin();
    if (step === 'send') await round.gate.enter(this.#index);
    round.tell(this.#index, 'sending');
    for (;;) {
      try {
        if (step === 'check') await this.#check();
        if (step !== 'confirm') await this.#send();
        round.gate.sent(this.#index);
        await this.#afterRegistration();
        round.tell(this.#index, 'confirming');
        return await this.#confirm();
      } catch (error) {
        step = await this.#recover(error);
      }
    }
  }

  /** Finds out whether the node is there, and whether it has something already. */
  async #begin(): Promise<Step> {
    const signal = this.#signal;
    const stored = await this.#persist(0, () => this.#client.metadataStatus(signal));
    this.#persists = stored === 'stored';
    this.#holdings.setMetadata(this.#persists ? 'stored' : 'none');
    if (!this.#persists) return 'send';
    return this.#round.isRegistered ? 'confirm' : 'check';
  }

  /** Sends what the node is not known to have. */
  async #send(): Promise<void> {
    const { put } = this.#round;
    const signal = this.#signal;
    if (this.#missing().length === 0) return;
    if (this.#holdings.metadata === 'none') {
      const taken = await this.#persist(put.metadata.length, (idleMs) => {
        const options = { pending: !this.#persists, idleMs };
        return this.#client.putMetadata(put.metadata, options, signal);
      });
      this.#holdings.setMetadata(this.#heldAfter(taken));
    }
    await this.#inLanes(this.#missing(), (place) => this.#sendSliver(place));
  }

  async #sendSliver(place: Place): Promise<void> {
    const { put } = this.#round;
    const signal = this.#signal;
    let doubt = false; // whether the node may have taken it although no answer came
    const taken = await this.#persist(this.#round.bytesOf(place), async (idleMs) => {
      if (doubt && (await this.#client.sliverStatus(place, signal)) !== 'nonexistent') {
        return 'already';
      }
      const sliver = await put.slivers(place.pair, place.axis);
      try {
        const options = { pending: !this.#persists, idleMs };
        return await this.#client.putSliver(place, sliver, options, signal);
      } catch (error) {
        doubt = !isHauloutError(error, 'node-refused');
        throw error;
      }
    });
    this.#setSliver(place, this.#heldAfter(taken));
  }

  /** Asks what the node has of that which it is not known to have; if that is nothing, of everything. */
  async #check(): Promise<void> {
    const signal = this.#signal;
    const missing = this.#missing();
    await this.#inLanes(missing.length > 0 ? missing : this.#places, async (place) => {
      const stored = await this.#persist(0, () => this.#client.sliverStatus(place, signal));
      this.#setSliver(place, stored === 'nonexistent' ? 'none' : stored);
    });
  }

  async #confirm(): Promise<Uint8Array> {
    const { message, objectId } = this.#round;
    const signature = await this.#persist(0, async () => {
      const options = { objectId, waitMs: this.#persists ? 0 : LONG_POLL_MS };
      const signed = await this.#client.confirmation(options, this.#signal);
      if (sameBytes(signed.message, message)) return signed.signature;
      throw await this.#otherMessage(signed.message);
    });
    if (this.#holdings.metadata !== 'stored') this.#holdings.setMetadata('stored');
    for (const place of this.#places) this.#setSliver(place, 'stored');
    return signature;
  }

  /** Something else was signed; it may be that the epoch ended. */
  async #otherMessage(message: Uint8Array): Promise<HauloutError> {
    const said = readConfirmation(message);
    const { committee } = this.#round;
    if (said !== undefined && said.epoch > committee.epoch) await this.#round.refresh();
    const host = this.#member.networkAddress;
    return new HauloutError('answer-unusable', { host, reason: 'other-message' });
  }

  /** What to do after an error that trying again does not mend. @throws the error if nothing helps */
  async #recover(error: unknown): Promise<Step> {
    switch (reactionTo(error)) {
      case 'check-slivers': {
        await this.#setBack(error);
        await this.#check();
        // Its slivers are all there: it takes time until the node sees that, or it never will.
        if (this.#missing().length === 0) await this.#wait(error, this.#setbacks);
        return 'send';
      }
      case 'resend-metadata':
        await this.#setBack(error);
        this.#holdings.forget();
        return 'send';
      case 'bytes-refused':
        if (this.#wasRefused) throw error;
        this.#wasRefused = true;
        return 'send';
      default:
        throw error;
    }
  }

  /** @throws the error if the node lost things too often */
  async #setBack(error: unknown): Promise<void> {
    this.#setbacks += 1;
    if (this.#setbacks <= SETBACKS) return;
    if (this.#round.isRegistered) throw error;
    // Before the registration a node keeps things for a short time only; that is no fault.
    await this.#afterRegistration();
    this.#setbacks = 0;
  }

  async #afterRegistration(): Promise<void> {
    if (this.#round.isRegistered) return;
    await this.#round.registered();
    this.#progressAt = this.#round.doors.clock.monotonic();
  }

  /**
   * Runs a request when its turn comes, again and again while what fails is likely to pass.
   *
   * @param bytes that it carries
   */
  async #persist<T>(bytes: number, work: (idleMs: number) => Promise<T>): Promise<T> {
    const { pace } = this.#round;
    const turn = { host: this.#member.networkAddress, bytes, order: this.#order };
    for (let tries = 0; ; tries++) {
      try {
        return await pace.run(turn, work, this.#signal);
      } catch (error) {
        await this.#heal(error);
        await this.#wait(error, tries);
      }
    }
  }

  readonly #order = () => this.#round.orderOf(this.#index);

  /** @throws the error if waiting does not heal it */
  async #heal(error: unknown): Promise<void> {
    switch (reactionTo(error)) {
      case 'await-registration':
        return this.#afterRegistration();
      case 'refresh-committee':
        return this.#round.refresh();
      case 'back-off':
        return;
      default:
        throw error;
    }
  }

  /** Waits longer with each try. @throws the error if the node has been given enough time */
  async #wait(error: unknown, tries: number): Promise<void> {
    const { doors, patienceMs } = this.#round;
    if (doors.clock.monotonic() - this.#progressAt > patienceMs) throw error;
    const ms = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    await doors.clock.sleep(ms / 2 + doors.random.below(ms), this.#signal);
  }

  #heldAfter(taken: Taken): 'buffered' | 'stored' {
    if (taken === 'stored') this.#persists = true;
    // Who had it before may have had it in memory only.
    return taken === 'buffered' || !this.#persists ? 'buffered' : 'stored';
  }

  #setSliver(place: Place, held: 'none' | 'buffered' | 'stored'): void {
    const had = this.#holdings.has(place);
    this.#holdings.setSliver(place, held);
    const has = held !== 'none';
    if (had === has) return;
    if (has) this.#progressAt = this.#round.doors.clock.monotonic();
    this.#round.moved(has ? this.#round.bytesOf(place) : -this.#round.bytesOf(place));
  }

  #missing(): readonly Place[] {
    return this.#places.filter((place) => !this.#holdings.has(place));
  }

  /** Works on places, a few at a time. After an error those under way are still waited for. */
  async #inLanes(places: readonly Place[], work: (place: Place) => Promise<void>): Promise<void> {
    const queue = places.values();
    const errors: unknown[] = [];
    const lane = async () => {
      for (const place of queue) {
        if (errors.length > 0) return;
        await work(place).catch((error) => errors.push(error));
      }
    };
    await Promise.all(Array.from({ length: HOST_REQUESTS }, lane));
    if (errors.length > 0) throw errors[0];
  }
}
