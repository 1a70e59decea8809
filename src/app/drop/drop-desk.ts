import { isField } from '../parts/is-field.ts';
import { type Collected, collectDrop } from './collect-drop.ts';

/** What a place does with dropped or pasted files. */
export type DropReceiver = (collected: Collected) => void;

/** A drag over the window; `itemCount` is undefined where the browser does not tell. */
export interface DragView {
  readonly itemCount: number | undefined;
}

/**
 * Takes drops from the whole window. The listeners are set before the first paint, and the place on
 * screen decides what happens with the files.
 */
export class DropDesk {
  readonly #listeners = new Set<() => void>();
  #receivers: readonly DropReceiver[] = [];
  #early: readonly Collected[] = [];
  #whenNobody: () => void = () => undefined;
  #drag: DragView | undefined;
  #depth = 0; // enter and leave come once per element under the pointer

  /** Starts listening; what is dropped before a place is ready waits for it. */
  attach(target: Window): void {
    target.addEventListener('dragenter', (event) => this.#enter(event));
    target.addEventListener('dragover', (event) => this.#over(event));
    target.addEventListener('dragleave', () => this.#leave());
    target.addEventListener('drop', (event) => this.#drop(event));
  }

  /** @returns takes the receiver away again */
  receive(receiver: DropReceiver): () => void {
    this.#receivers = [...this.#receivers, receiver];
    const early = this.#early;
    this.#early = [];
    for (const collected of early) receiver(collected);
    return () => {
      this.#receivers = this.#receivers.filter((other) => other !== receiver);
    };
  }

  /** What to do when files come and no place takes them: they wait for the next one that does. */
  onNobody(act: () => void): void {
    this.#whenNobody = act;
  }

  /** Hands files to the place on screen. */
  give(collected: Collected): void {
    const receiver = this.#receivers.at(-1);
    if (receiver === undefined) {
      this.#early = [...this.#early, collected];
      this.#whenNobody();
    } else {
      receiver(collected);
    }
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  drag = (): DragView | undefined => this.#drag;

  #enter(event: DragEvent): void {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    this.#depth++;
    if (this.#depth > 1) return;
    const items = [...(event.dataTransfer?.items ?? [])].filter((item) => item.kind === 'file');
    this.#show({ itemCount: items.length > 0 ? items.length : undefined });
  }

  #over(event: DragEvent): void {
    if (!carriesFiles(event)) {
      refuse(event);
      return;
    }
    event.preventDefault();
    if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'copy';
  }

  #leave(): void {
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth === 0) this.#show(undefined);
  }

  #drop(event: DragEvent): void {
    this.#depth = 0;
    this.#show(undefined);
    if (!carriesFiles(event) || event.dataTransfer === null) {
      refuse(event);
      return;
    }
    event.preventDefault();
    // The items are gone once this listener returns, so they are read now.
    this.give(collectDrop(event.dataTransfer));
  }

  #show(drag: DragView | undefined): void {
    if (drag === this.#drag) return;
    this.#drag = drag;
    for (const listener of [...this.#listeners]) listener();
  }
}

function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/** Browsers would leave the page for a link that is dropped on it. */
function refuse(event: DragEvent): void {
  if (isField(event.target)) return;
  event.preventDefault();
  if (event.dataTransfer !== null) event.dataTransfer.dropEffect = 'none';
}
