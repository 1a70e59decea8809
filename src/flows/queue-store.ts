import type { Clock } from '../protocol/ports.ts';
import { ChangeNotice } from './change-notice.ts';
import {
  fileKey,
  type IncomingFile,
  type ItemEvent,
  newItem,
  type QueueItem,
  reduceItem,
} from './prepare-item.ts';
import { NO_FILES, type QueueTotals, shiftTotals } from './queue-totals.ts';

/** Topic of everything that concerns all files. A file's own topic is its ID. */
export const ALL = '';

interface Removed {
  readonly index: number;
  readonly item: QueueItem;
}

/** Files that left together. */
export interface Removal {
  /** larger than that of any removal before */
  readonly id: number;
  readonly files: readonly Removed[];
}

/** Files in their order, with totals. Each change costs the same at any number of files. */
export class QueueStore {
  readonly notice: ChangeNotice;
  readonly #items = new Map<string, QueueItem>();
  readonly #idByKey = new Map<string, string>();
  #order: readonly string[] = [];
  #totals: QueueTotals = NO_FILES;
  /** those that can be undone, the last one at the end */
  #removals: readonly Removal[] = [];
  #nextId = 1;
  #nextRemovalId = 1;

  constructor(clock: Clock) {
    this.notice = new ChangeNotice(clock);
  }

  get order(): readonly string[] {
    return this.#order;
  }

  get totals(): QueueTotals {
    return this.#totals;
  }

  /** what `restore` would bring back */
  get removal(): Removal | undefined {
    return this.#removals.at(-1);
  }

  item(id: string): QueueItem | undefined {
    return this.#items.get(id);
  }

  /** Appends files that are not in the list yet. */
  add(incoming: readonly IncomingFile[]): readonly string[] {
    const added: string[] = [];
    for (const file of incoming) {
      const key = fileKey(file);
      if (this.#idByKey.has(key)) continue;
      const id = `f${this.#nextId++}`;
      this.#idByKey.set(key, id);
      this.#put(newItem(id, file));
      added.push(id);
    }
    if (added.length > 0) this.#order = this.#order.concat(added);
    this.notice.now(ALL);
    return added;
  }

  /**
   * Applies an event to one file.
   *
   * @param when 'soon' for progress, which may wait for the next tenth of a second
   * @returns whether anything changed
   */
  apply(id: string, event: ItemEvent, when: 'now' | 'soon' = 'now'): boolean {
    const before = this.#items.get(id);
    if (before === undefined) return false;
    const after = reduceItem(before, event);
    if (after === before) return false;
    if (event.type === 'replaced') {
      this.#idByKey.delete(fileKey(before));
      this.#idByKey.set(fileKey(after), id);
    }
    this.#put(after);
    this.notice[when](id);
    this.notice[when](ALL);
    return true;
  }

  /** Takes files out; removals can be undone, the last one first. */
  remove(ids: readonly string[]): void {
    const leaving = new Set(ids.filter((id) => this.#items.has(id)));
    if (leaving.size === 0) return;
    const files: Removed[] = [];
    this.#order = this.#order.filter((id, index) => {
      const item = leaving.has(id) ? this.#items.get(id) : undefined;
      if (item === undefined) return true;
      files.push({ index, item: reduceItem(item, { type: 'lost' }) });
      this.#items.delete(id);
      this.#idByKey.delete(fileKey(item));
      this.#totals = shiftTotals(this.#totals, item, undefined);
      return false;
    });
    this.#removals = [...this.#removals, { id: this.#nextRemovalId++, files }];
    this.notice.now(ALL);
  }

  /** Brings the last removal back to its places. */
  restore(): readonly string[] {
    // Entries whose file was added again meanwhile are in the list already.
    const { files = [] } = this.removal ?? {};
    const back = files.filter(({ item }) => !this.#idByKey.has(fileKey(item)));
    const order = [...this.#order];
    for (const { index, item } of back) {
      order.splice(index, 0, item.id);
      this.#idByKey.set(fileKey(item), item.id);
      this.#put(item);
    }
    this.#order = order;
    this.#removals = this.#removals.slice(0, -1);
    this.notice.now(ALL);
    return back.map(({ item }) => item.id);
  }

  forgetRemoved(): void {
    if (this.#removals.length === 0) return;
    this.#removals = [];
    this.notice.now(ALL);
  }

  #put(item: QueueItem): void {
    this.#totals = shiftTotals(this.#totals, this.#items.get(item.id), item);
    this.#items.set(item.id, item);
  }
}
