import { findBlobId, parseBlobId } from '../protocol/blob-id.ts';
import type { BlobIdentity, EncodeProgress } from '../protocol/blob-summary.ts';
import { isHauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import { ChangeNotice } from './change-notice.ts';
import type { IdEncoder } from './ports.ts';

/** What a person typed or pasted as an ID. */
export type PastedId =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly blobId: string; readonly isInside: boolean }
  | { readonly kind: 'malformed'; readonly error: unknown };

/** A file and what was found out about it. */
export type ComparedFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'working'; readonly file: File; readonly progress: EncodeProgress | undefined }
  | { readonly kind: 'done'; readonly file: File; readonly summary: BlobIdentity }
  | { readonly kind: 'failed'; readonly file: File; readonly error: unknown };

export interface CompareView {
  readonly text: string;
  readonly pasted: PastedId;
  readonly compared: ComparedFile;
  /** undefined until both an ID and the ID of the file are known */
  readonly isSame: boolean | undefined;
}

/** Reads an ID out of pasted text: alone, or inside a link. */
export function readPastedId(text: string): PastedId {
  const trimmed = text.trim();
  if (trimmed === '') return { kind: 'none' };
  try {
    parseBlobId(trimmed);
    return { kind: 'id', blobId: trimmed, isInside: false };
  } catch (error) {
    const inside = findBlobId(trimmed);
    return inside === undefined
      ? { kind: 'malformed', error }
      : { kind: 'id', blobId: inside, isInside: true };
  }
}

/** Compares one file with one blob ID. Either may come first, and either may be replaced. */
export class CompareFlow {
  readonly #encoder: IdEncoder;
  readonly #shardCount: number;
  readonly #notice: ChangeNotice;
  #stop: AbortController | undefined;
  #view: CompareView = {
    text: '',
    pasted: { kind: 'none' },
    compared: { kind: 'none' },
    isSame: undefined,
  };

  constructor(ports: { encoder: IdEncoder; clock: Clock; shardCount: number }) {
    this.#encoder = ports.encoder;
    this.#shardCount = ports.shardCount;
    this.#notice = new ChangeNotice(ports.clock);
  }

  subscribe = (listener: () => void): (() => void) => this.#notice.subscribe('', listener);

  view = (): CompareView => this.#view;

  setText(text: string): void {
    this.#set({ text, pasted: readPastedId(text) });
  }

  /** Computes the ID of a file; an earlier file is dropped. Settles when the result is in the view. */
  async setFile(file: File): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    const isMine = () => this.#stop === stop;
    this.#set({ compared: { kind: 'working', file, progress: undefined } });
    try {
      const summary = await this.#encoder.computeBlobId(file, {
        shardCount: this.#shardCount,
        signal: stop.signal,
        onProgress: (progress) => {
          if (isMine()) this.#set({ compared: { kind: 'working', file, progress } }, 'soon');
        },
      });
      if (isMine()) this.#set({ compared: { kind: 'done', file, summary } });
    } catch (error) {
      if (!isMine()) return;
      const wasStopped = isHauloutError(error, 'aborted');
      this.#set({ compared: wasStopped ? { kind: 'none' } : { kind: 'failed', file, error } });
    }
  }

  stop(): void {
    this.#stop?.abort();
  }

  /** Takes file and ID away. */
  reset(): void {
    this.#stop?.abort();
    this.#stop = undefined;
    this.#set({ text: '', pasted: { kind: 'none' }, compared: { kind: 'none' } });
  }

  #set(change: Partial<CompareView>, when: 'now' | 'soon' = 'now'): void {
    const next = { ...this.#view, ...change };
    const { pasted, compared } = next;
    const isSame =
      pasted.kind === 'id' && compared.kind === 'done'
        ? pasted.blobId === compared.summary.blobId
        : undefined;
    this.#view = { ...next, isSame };
    this.#notice[when]('');
  }
}
