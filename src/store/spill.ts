import type { Random } from '../protocol/ports.ts';

export type SpillKind = 'opfs' | 'idb';

/** A place on disk for one job's data, removed when the job ends. */
export interface SpillPlace {
  readonly kind: SpillKind;
  readonly name: string;
}

/** Rows `begin..end` that writer `writer` has stored, `position` rows after its first one. */
export interface SpillExtent {
  readonly writer: number;
  readonly begin: number;
  readonly end: number;
  readonly position: number;
}

/**
 * One thread's share of a spill. A row is cut into blocks, and each block is stored by itself, so
 * that a later reader gets one block of all rows in few long reads.
 */
export interface SpillWriter {
  /**
   * Stores block `block` of the next rows.
   *
   * @param position rows that this writer has stored before
   * @param rows one piece per row, all of one length; read before this returns a promise that
   *   settles, so they must stay unchanged until then
   * @throws HauloutError 'store-full'
   */
  write(block: number, position: number, rows: readonly Uint8Array[]): Promise<void>;
  /** Makes what was written readable for other threads. */
  close(): Promise<void>;
}

/** A part of the rows of one block. */
export interface SpillPart {
  readonly block: number;
  /** bytes of a row in this block */
  readonly rowBytes: number;
  /** bytes of each row before the part */
  readonly offset: number;
}

/** Reads what all writers of a place have stored; they must have been closed. */
export interface SpillReader {
  /** @param into where the part of row `row` goes, as long as the part is */
  read(
    part: SpillPart,
    extents: readonly SpillExtent[],
    into: (row: number) => Uint8Array,
  ): Promise<void>;
}

/** Opens a place from inside a thread. */
export interface SpillAccess {
  writer(place: SpillPlace, writer: number): Promise<SpillWriter>;
  reader(place: SpillPlace): Promise<SpillReader>;
}

/** The places of one kind, as seen by the owner of the jobs. */
export interface SpillPlaces {
  readonly kind: SpillKind;
  /** @throws if this kind of store cannot be used here */
  create(name: string): Promise<void>;
  /** Removes a place with all its data; no error if there is none. */
  remove(name: string): Promise<void>;
  list(): Promise<string[]>;
}

/** A name that no other job has; starts with its time of birth. */
export function spillName(nowMs: number, random: Random): string {
  const suffix = Array.from(random.bytes(8), (byte) => byte.toString(16).padStart(2, '0'));
  return `${Math.floor(nowMs).toString(36)}-${suffix.join('')}`;
}

/** When a place was made, in wall-clock milliseconds; undefined if the name is not one of ours. */
export function spillBirthMs(name: string): number | undefined {
  const match = /^([0-9a-z]+)-[0-9a-f]{16}$/.exec(name);
  return match?.[1] === undefined ? undefined : Number.parseInt(match[1], 36);
}
