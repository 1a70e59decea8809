import { isHauloutError } from '../../src/protocol/errors.ts';
import type { Clock, DurableStore, Locks, Random, Transport } from '../../src/protocol/ports.ts';
import { Life, Profile } from './life.ts';
import type { World } from './world.ts';

/** One exchange as it goes over a link. */
export type Exchange = (
  request: Request,
  signal: AbortSignal,
  onSent: ((bytes: number) => void) | undefined,
) => Promise<Response>;

/** What a page is given instead of a browser. */
export interface LifeDoors {
  readonly life: Life;
  readonly session: Session;
  /** `fetch` as it is, without limits */
  readonly exchange: Exchange;
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  readonly locks: Locks;
  store<Stores>(): DurableStore<Stores>;
}

/**
 * The client that is tested, as a page runs it: it takes up whatever the store says is unfinished, and
 * settles when nothing is left to do.
 */
export type Client = (doors: LifeDoors) => Promise<void>;

export type WalletMood =
  | 'rejects'
  | 'answers late'
  | 'never answers'
  | 'executes itself'
  | 'executes silently'
  | 'alters';

/** Pages open at most: the second tab, and one that was closed and opened again. */
const MOST_LIVES = 2;

/** One person with one browser profile, whose pages live and die. */
export class Session {
  readonly profile: Profile<Record<string, unknown>>;
  readonly world: World;
  readonly #client: Client;
  #lives: Life[] = [];
  #born = 0;
  #isHealed = false;
  readonly #pauses: Random;
  skewMs = 0;
  /** what the wallet does at the next prompts, instead of signing */
  moods: WalletMood[] = [];
  /** kind of the fact that a journal was given last */
  newestFact = 'nothing';
  /** how the last page ended */
  end: 'none' | 'done' | { readonly error: unknown } = 'none';

  constructor(world: World, client: Client) {
    this.world = world;
    this.#client = client;
    this.#pauses = world.random('pauses');
    this.profile = new Profile(world.scheduler, world.random('store'));
  }

  /** Opens a page. */
  open(): void {
    this.#lives = this.#lives.filter(({ alive }) => alive);
    if (this.#lives.length >= MOST_LIVES) return;
    const life = new Life(`page-${++this.#born}`, this.world.scheduler);
    this.#lives.push(life);
    this.world.pagesSoFar++;
    const clock = life.clock(() => this.skewMs);
    const doors: LifeDoors = {
      ...{ life, session: this, clock },
      exchange: this.world.exchange(life),
      random: this.world.random(life.name),
      transport: this.world.transport(life, clock),
      locks: this.profile.locks(life),
      store: <Stores>() => this.profile.store(life) as unknown as DurableStore<Stores>,
    };
    const over = (end: Session['end']) => {
      if (!life.alive) return;
      life.alive = false;
      this.world.scheduler.note(`${life.name} ends: ${end === 'done' ? end : describe(end)}`);
      this.end = end;
      if (typeof end === 'object' && isHauloutError(end.error)) {
        this.world.count(`ends with ${end.error.code}`);
      }
      if (typeof end === 'object') this.world.guard(() => this.onEnd(end.error));
      if (typeof end === 'object' && !this.#isHealed) this.#comeBack(this.#pauses.below(20_000));
    };
    life.at(0, 'opens', () => {
      this.#client(doors).then(
        () => over('done'),
        (error: unknown) => over({ error }),
      );
    });
  }

  /** Ends all pages like SIGKILL, and opens one again. */
  crash(pauseMs: number): void {
    if (this.isOpen) this.world.count(`crash after ${this.newestFact}`);
    for (const life of this.#lives) life.alive = false;
    this.#comeBack(pauseMs);
  }

  /** Everything that the browser kept is gone. */
  wipe(): void {
    this.onWipe();
    this.profile.wipe();
  }

  /** looks at the errors of pages. @throws Violation */
  onEnd: (error: unknown) => void = () => undefined;

  onWipe: () => void = () => undefined;

  #comeBack(pauseMs: number): void {
    this.world.scheduler.at(pauseMs, 'person', 'comes back', () => {
      if (!this.isOpen) this.open();
    });
  }

  /** Nothing happens on this machine for a while. */
  sleep(ms: number): void {
    const lives = [...this.#lives];
    for (const life of lives) life.sleep();
    this.world.scheduler.at(ms, 'person', 'opens the lid', () => {
      for (const life of lives) life.wake();
    });
  }

  /** Pages that are open. */
  get pageCount(): number {
    return this.#lives.filter(({ alive }) => alive).length;
  }

  /** A page is open, awake or not. */
  get isOpen(): boolean {
    return this.#lives.some(({ alive }) => alive);
  }

  /** Trouble is over; the person looks once more. */
  heal(): void {
    this.#isHealed = true;
    if (this.world.config.faults.includes('wallet')) this.crash(0); // a prompt that nobody answers
    this.moods = [];
    this.profile.isFull = false;
    for (const life of this.#lives) life.wake();
    if (!this.isOpen) this.open();
  }
}

function describe(end: Session['end']): string {
  return typeof end === 'object' ? String(end.error) : end;
}
