import type { BlobIdentity, EncodeProgress } from '../protocol/blob-summary.ts';
import { isHauloutError } from '../protocol/errors.ts';
import type { Pace } from './pace.ts';

export type ItemState = 'waiting' | 'preparing' | 'paused' | 'stopped' | 'ready' | 'failed';

/** What is kept of a prepared blob; the metadata (64 kB at n = 1000) is made again when needed. */
export interface PreparedBlob {
  readonly blobId: string;
  readonly rootHash: Uint8Array;
  readonly shardCount: number;
  readonly symbolBytes: number;
  readonly encodedBytes: number;
  readonly tookMs: number;
}

/** A file as it arrives from a drop, a dialog or the clipboard. */
export interface IncomingFile {
  readonly file: File;
  /** folder inside the dropped tree, `/` between parts; empty for a single file */
  readonly folder: string;
  /** where the browser lets us ask again: opens the file as it is now on disk, in later pages too */
  readonly handle?: FileSystemFileHandle;
  /** the same for a file in a folder, whose own handle nobody has asked for */
  readonly reopen?: () => Promise<File>;
}

/** One file of the queue. Never changed in place: each change is a new object. */
export interface QueueItem extends IncomingFile {
  readonly id: string;
  readonly state: ItemState;
  readonly progress: EncodeProgress | undefined;
  readonly pace: Pace | undefined;
  readonly prepared: PreparedBlob | undefined;
  readonly error: unknown;
}

export type ItemEvent =
  | { type: 'started' }
  | { type: 'progressed'; progress: EncodeProgress; pace: Pace | undefined }
  | { type: 'prepared'; summary: BlobIdentity; tookMs: number }
  | { type: 'failed'; error: unknown }
  | { type: 'paused' }
  /** `goesOn`: its work was held and not ended */
  | { type: 'resumed'; goesOn: boolean }
  | { type: 'stopped' }
  /** what was done of it is gone */
  | { type: 'lost' }
  | { type: 'retried' }
  | { type: 'replaced'; file: File };

const IDLE = { progress: undefined, pace: undefined, prepared: undefined, error: undefined };

/** A file that was just added. */
export function newItem(id: string, incoming: IncomingFile): QueueItem {
  return { ...incoming, ...IDLE, id, state: 'waiting' };
}

/**
 * The next state of one file. An event that makes no sense in the present state changes nothing, so
 * late answers of work that was stopped are harmless.
 */
export function reduceItem(item: QueueItem, event: ItemEvent): QueueItem {
  const { state } = item;
  const isOpen = state === 'waiting' || state === 'preparing';
  const isWork = state === 'preparing' || state === 'paused'; // steps that were begun are still ended
  switch (event.type) {
    case 'started':
      return state === 'waiting' ? { ...item, ...IDLE, state: 'preparing' } : item;
    case 'progressed': {
      const pace = state === 'preparing' ? event.pace : undefined;
      return isWork ? { ...item, progress: event.progress, pace } : item;
    }
    case 'prepared':
      return isWork
        ? { ...item, ...IDLE, state: 'ready', prepared: keep(event.summary, event.tookMs) }
        : item;
    case 'failed':
      return isWork ? { ...item, ...IDLE, state: 'failed', error: event.error } : item;
    case 'paused':
      return isOpen ? { ...item, pace: undefined, state: 'paused' } : item;
    case 'resumed':
      return state === 'paused' ? { ...item, state: event.goesOn ? 'preparing' : 'waiting' } : item;
    case 'stopped':
      return isOpen || state === 'paused' ? { ...item, ...IDLE, state: 'stopped' } : item;
    case 'lost':
      return isWork ? { ...item, ...IDLE, state: state === 'paused' ? state : 'waiting' } : item;
    case 'retried':
      return state === 'stopped' || state === 'failed'
        ? { ...item, ...IDLE, state: 'waiting' }
        : item;
    case 'replaced':
      return { ...item, ...IDLE, file: event.file, state: 'waiting' };
  }
}

function keep(summary: BlobIdentity, tookMs: number): PreparedBlob {
  const { blobId, rootHash, shardCount, symbolBytes, encodedBytes } = summary;
  return { blobId, rootHash, shardCount, symbolBytes, encodedBytes, tookMs };
}

/** Whether only another look at the disk can help: what the page holds of the file is of no more use. */
export function isStale(error: unknown): boolean {
  return (
    isHauloutError(error) && ['file-gone', 'file-changed', 'file-unreadable'].includes(error.code)
  );
}

/** Opens a file once more, as it is now on disk; undefined where the browser gave no way to. */
export function reopenerOf({ handle, reopen }: IncomingFile): (() => Promise<File>) | undefined {
  return handle === undefined ? reopen : () => handle.getFile();
}

/** Two files count as the same if place, name, length, type and time of change agree. */
export function fileKey(incoming: IncomingFile): string {
  const { name, size, lastModified, type } = incoming.file;
  return JSON.stringify([incoming.folder, name, size, lastModified, type]);
}
