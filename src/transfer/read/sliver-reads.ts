import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { encodedSliverBytes } from '../../protocol/sliver.ts';
import { deferred } from '../deferred.ts';
import { OVER } from '../over.ts';
import type { BlobSource } from './blob-source.ts';
import { firstFound } from './first-found.ts';
import { addressOf, holdersOf } from './holders.ts';
import { NodeRequests } from './node-requests.ts';
import type { Holder, OpenBlob, ReadDoors, ReadTally, RowOrigin } from './read-types.ts';
import { SourceRows } from './source-rows.ts';

/** A holder whose connection broke is asked once more. */
const TRIES = 2;
const AGAIN_MS = 30;

/** A primary sliver that fits the metadata. */
export interface VerifiedSliver {
  /** BCS SliverData */
  readonly sliver: Uint8Array;
  readonly origin: RowOrigin;
  /** who gave it, where a node did */
  readonly nodeId?: string;
}

/** A primary sliver that is being fetched. */
export interface SliverRead {
  /** undefined if nobody who should have it gives it */
  readonly result: Promise<VerifiedSliver | undefined>;
  /** settles when it takes longer than it should, or comes to nothing */
  readonly late: Promise<void>;
  cancel(): void;
}

export interface SliverReadOptions {
  readonly order: number;
  /** asks holders that rest, too */
  readonly insists: boolean;
}

export interface SliverReadsOptions {
  readonly sources: readonly BlobSource[];
  readonly end: number;
  readonly tally: ReadTally;
  readonly signal: AbortSignal;
}

/** Fetches primary slivers of one blob, each once at a time, and verifies them. */
export class SliverReads {
  readonly #doors: ReadDoors;
  readonly #blob: OpenBlob;
  readonly #tally: ReadTally;
  readonly #requests: NodeRequests;
  readonly #running = new Map<number, SliverRead & { readonly insists: boolean }>();

  readonly #sources: SourceRows | undefined;
  readonly #signal: AbortSignal;

  /**
   * @param read.sources asked for rows of the blob before nodes are, up to byte `read.end`
   * @param read.signal ends everything
   */
  constructor(
    doors: ReadDoors,
    blob: OpenBlob,
    { sources, end, tally, signal }: SliverReadsOptions,
  ) {
    this.#doors = doors;
    this.#blob = blob;
    this.#tally = tally;
    this.#signal = signal;
    this.#requests = new NodeRequests(doors, blob.blobId, tally);
    const verify = (index: number, sliver: Uint8Array) => this.verify(index, sliver);
    if (sources.length === 0) return;
    this.#sources = new SourceRows({ doors, blob, tally, verify, end }, sources, signal);
  }

  fetch(index: number, options: SliverReadOptions): SliverRead {
    const signal = this.#signal;
    const running = this.#running.get(index);
    if (running !== undefined && (running.insists || !options.insists)) return running;
    const own = new AbortController();
    const both = AbortSignal.any([signal, own.signal]);
    const late = deferred<void>();
    const work = async () => {
      const before = await running?.result;
      return before ?? this.#fetch(index, options, both, () => late.resolve());
    };
    const result = work()
      .catch((error: unknown) => {
        if (own.signal.aborted && !signal.aborted) return undefined; // nobody needs it any more
        throw error;
      })
      .finally(() => {
        if (this.#running.get(index) === read) this.#running.delete(index);
      });
    void result.then(
      (found) => found === undefined && late.resolve(),
      () => late.resolve(),
    );
    void running?.late.then(() => late.resolve());
    const cancel = () => {
      running?.cancel();
      own.abort();
    };
    const read = { result, late: late.promise, insists: options.insists, cancel };
    this.#running.set(index, read);
    return read;
  }

  /** @param sliver verified */
  keep(index: number, sliver: Uint8Array): void {
    this.#doors.cache?.keepRow(this.#blob.blobId, index, sliver);
  }

  /** @throws HauloutError if a sliver is not the one that the metadata commits to */
  async verify(index: number, sliver: Uint8Array, signal = this.#signal): Promise<void> {
    const { blobId, shardCount, metadata } = this.#blob;
    const place = { axis: 'primary', sliverPairIndex: index } as const;
    await this.#doors.verifier.verifySliver({
      ...{ blobId, shardCount, metadata, ...place, sliver, signal },
    });
  }

  async #fetch(
    index: number,
    options: SliverReadOptions,
    signal: AbortSignal,
    late: () => void,
  ): Promise<VerifiedSliver | undefined> {
    const kept = await this.#fromCache(index, signal);
    if (kept !== undefined) return { sliver: kept, origin: 'cache' };
    const found =
      this.#sources === undefined || options.insists
        ? await this.#fromNodes(index, options, signal, late)
        : await this.#withSources(this.#sources, index, options, signal, late);
    if (found !== undefined) this.keep(index, found.sliver);
    return found;
  }

  /** From a source; also from nodes as soon as that takes too long. */
  async #withSources(
    sources: SourceRows,
    index: number,
    options: SliverReadOptions,
    signal: AbortSignal,
    late: () => void,
  ): Promise<VerifiedSliver | undefined> {
    const slow = deferred<undefined>();
    const over = new AbortController();
    const both = AbortSignal.any([signal, over.signal]);
    const isLate = () => slow.resolve(undefined);
    const sourced = sources
      .row(index, { signal: both, late: isLate })
      .then((sliver): VerifiedSliver | undefined => sliver && { sliver, origin: 'source' });
    try {
      const first = await Promise.race([sourced, slow.promise]);
      return first ?? (await firstFound([sourced, this.#fromNodes(index, options, both, late)]));
    } finally {
      over.abort(OVER);
    }
  }

  async #fromNodes(
    index: number,
    options: SliverReadOptions,
    signal: AbortSignal,
    late: () => void,
  ): Promise<VerifiedSliver | undefined> {
    let committee = await this.#doors.committees();
    const { shard, pair } = addressOf(this.#blob, 'primary', index);
    const asked = new Set<string>();
    for (;;) {
      let mayHaveMoved = false;
      for (const holder of holdersOf(committee, shard)) {
        if (asked.has(holder.nodeId)) continue;
        asked.add(holder.nodeId);
        if (!options.insists && this.#doors.health.isResting(holder.nodeId)) continue;
        const sliver = await this.#from(holder, index, pair, options.order, signal, late);
        if (sliver !== undefined) return { sliver, origin: 'node', nodeId: holder.nodeId };
        mayHaveMoved = true;
      }
      if (!mayHaveMoved) return undefined;
      late();
      const known = committee;
      committee = await this.#doors.committees(known).catch((error: unknown) => {
        if (signal.aborted) throw error;
        return known;
      });
      if (committee === known) return undefined;
    }
  }

  async #from(
    holder: Holder,
    index: number,
    pair: number,
    order: number,
    signal: AbortSignal,
    late: () => void,
  ): Promise<Uint8Array | undefined> {
    const bytes = encodedSliverBytes(this.#blob.geometry.rowBytes);
    const isLate = () => {
      this.#tally.lateRow(index, holder.nodeId);
      late();
    };
    for (let tries = 1; tries <= TRIES; tries++) {
      const outcome = await this.#requests.ask(
        holder,
        {
          ...{ bytes, order, late: isLate },
          ask: (client, both) => client.sliver({ pair, axis: 'primary' }, bytes, both),
          check: async (sliver) => {
            await this.verify(index, sliver, signal);
            return sliver;
          },
        },
        signal,
      );
      if ('value' in outcome) return outcome.value;
      if (outcome.refusal === 'lie') this.#tally.failRow(index, holder.nodeId);
      if (outcome.refusal !== 'back-off') return undefined;
      late();
      if (tries < TRIES) await this.#doors.clock.sleep(AGAIN_MS, signal);
    }
    return undefined;
  }

  async #fromCache(index: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    const kept = await this.#doors.cache?.row(this.#blob.blobId, index);
    if (kept === undefined) return undefined;
    try {
      await this.verify(index, kept, signal);
      return kept;
    } catch (error) {
      if (!isHauloutError(error) || !error.code.startsWith('sliver-')) throw error;
      this.#doors.cache?.removeRow(this.#blob.blobId, index); // damaged on the disk
      return undefined;
    }
  }

  /** The error when too few slivers are to be had. */
  shortOf(have: number, need: number): HauloutError {
    return new HauloutError('not-enough-slivers', { have, need, failed: this.#tally.failed });
  }
}
