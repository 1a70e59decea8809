/** Something that will happen at a virtual time. */
export interface SimEvent {
  readonly atMs: number;
  readonly number: number;
  readonly actor: string;
  readonly what: string;
  run: (() => void) | undefined;
}

/** Virtual time starts here, in wall-clock milliseconds. */
export const START_MS = 1_800_000_000_000;
const KEPT_LINES = 30;

/**
 * One queue of events, ordered by virtual time and number. Everything outside of the code under test
 * happens in an event; between two events that code runs until it stands at a door again.
 */
export class Scheduler {
  nowMs = 0;
  steps = 0;
  /** told before each event; may throw */
  onStep: () => void = () => undefined;
  /** the newest lines of the trace */
  readonly lines: string[] = [];
  readonly #print: ((line: string) => void) | undefined;
  readonly #heap: SimEvent[] = [];
  #number = 0;
  readonly #hash = [0x811c9dc5, 0xcbf29ce4];

  /** @param print is given each line of the trace as it is made */
  constructor(print?: (line: string) => void) {
    this.#print = print;
  }

  /** A number that differs as soon as two runs differ in any event. */
  get traceHash(): string {
    return this.#hash.map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  at(delayMs: number, actor: string, what: string, run: () => void): SimEvent {
    const atMs = this.nowMs + Math.max(0, delayMs);
    const event = { atMs, number: this.#number++, actor, what, run };
    this.#heap.push(event);
    this.#rise(this.#heap.length - 1);
    return event;
  }

  cancel(event: SimEvent): void {
    event.run = undefined; // dropped when its time comes
  }

  /** Runs the next event. @returns false if there is none before `untilMs` */
  async step(untilMs = Number.POSITIVE_INFINITY): Promise<boolean> {
    for (;;) {
      const event = this.#heap[0];
      if (event === undefined || event.atMs > untilMs) return false;
      this.#pop();
      if (event.run === undefined) continue;
      this.nowMs = event.atMs;
      this.#trace(event);
      this.steps++;
      this.onStep();
      event.run();
      // Bodies of requests and streams take turns of their own.
      await turn();
      await turn();
      return true;
    }
  }

  note(text: string): void {
    this.lines.push(text);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    this.#print?.(text);
    let [one = 0, other = 0] = this.#hash;
    for (let i = 0; i < text.length; i++) {
      one = Math.imul(one ^ text.charCodeAt(i), 0x01000193);
      other = Math.imul(other + text.charCodeAt(i), 0x85ebca6b) ^ (other >>> 13);
    }
    this.#hash[0] = one;
    this.#hash[1] = other;
  }

  #trace({ atMs, number, actor, what }: SimEvent): void {
    this.note(`${(atMs / 1_000).toFixed(3).padStart(10)} #${number} ${actor}: ${what}`);
  }

  #rise(at: number): void {
    const heap = this.#heap;
    for (let child = at; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child] as SimEvent, heap[parent] as SimEvent)) return;
      [heap[child], heap[parent]] = [heap[parent] as SimEvent, heap[child] as SimEvent];
      child = parent;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as SimEvent;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let parent = 0; ; ) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        const other = heap[child];
        if (other !== undefined && isBefore(other, heap[least] as SimEvent)) least = child;
      }
      if (least === parent) return;
      [heap[parent], heap[least]] = [heap[least] as SimEvent, heap[parent] as SimEvent];
      parent = least;
    }
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}

const later = setImmediate;
const turn = () => new Promise<void>((resolve) => later(resolve));
