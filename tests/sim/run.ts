import { isHauloutError } from '../../src/protocol/errors.ts';
import type { IntentFact } from '../../src/store/journal-facts.ts';
import type { SimConfig } from './config.ts';
import { ARMS, heal } from './faults.ts';
import type { CommitWatch } from './life.ts';
import { Scheduler } from './scheduler.ts';
import { Session } from './session.ts';
import type { Story } from './story.ts';
import { checkEnd } from './verdict-checks.ts';
import { Violation } from './violation.ts';
import { finish, World } from './world.ts';

export interface RunResult {
  readonly config: SimConfig;
  readonly traceHash: string;
  readonly steps: number;
  readonly virtualMs: number;
  readonly counts: ReadonlyMap<string, number>;
  /** absent if every promise was kept */
  readonly violation?: Violation;
  readonly lines: readonly string[];
  /** moments of trouble that were drawn */
  readonly moments: number;
}

/** After the last fault the client must come to its end within so long. */
const HEALED_MS = 10 * 60_000;
const MOST_STEPS = 400_000;

/** One run: the same configuration and story give the same trace. */
export async function run(
  config: SimConfig,
  story: Story,
  print?: (line: string) => void,
): Promise<RunResult> {
  const scheduler = new Scheduler(print);
  let world: World | undefined;
  let violation: Violation | undefined;
  const strays: unknown[] = [];
  const stray = (error: unknown) => strays.push(error);
  process.on('unhandledRejection', stray);
  // Errors come and go by the thousand; where they arose is shown by a run with a trace.
  const { stackTraceLimit } = Error;
  if (print === undefined) Error.stackTraceLimit = 0;
  try {
    const opened = await World.open(config, scheduler, await story.machine?.(config));
    world = opened;
    const scene = await story.begin(world);
    const session = new Session(world, scene.client);
    world.session = session;
    session.onEnd = (error) => checkEnd(opened, error);
    session.profile.onCommit = (...commit) => {
      countFacts(opened, session, commit[2]);
      opened.guard(() => scene.onCommit?.(...commit));
    };
    for (const name of config.faults) {
      await ARMS[name](world, session, world.random(`fault ${name}`));
    }
    scheduler.onStep = () => {
      if (strays.length > 0) throw new Violation('I14', `an error that nobody heard: ${strays[0]}`);
      if (world?.violation !== undefined) throw world.violation;
      scene.check();
    };
    session.open();
    const untilMs = scheduler.nowMs + config.spanMs;
    while (await scheduler.step(untilMs)) {
      if (scheduler.steps > MOST_STEPS) throw new Violation('I6', 'no end of steps');
    }
    await finish(scheduler, heal(world, session));
    await live(scheduler, session, scene.isDone);
    await finish(scheduler, scene.audit());
  } catch (error) {
    violation = asViolation(error);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    process.off('unhandledRejection', stray);
    scheduler.onStep = () => undefined;
    if (world !== undefined) countFaults(world);
  }
  return {
    ...{ config, traceHash: scheduler.traceHash, steps: scheduler.steps },
    ...{
      virtualMs: scheduler.nowMs,
      counts: world?.counts ?? new Map(),
      lines: scheduler.lines,
      moments: world?.moments ?? 0,
    },
    ...(violation ? { violation } : {}),
  };
}

/** Without faults everything must come to its end, and say so. */
async function live(scheduler: Scheduler, session: Session, isDone: () => boolean): Promise<void> {
  const limitMs = scheduler.nowMs + HEALED_MS;
  let reopened = 0;
  // Who was told of trouble comes back to see, once, also if everything got done in the meantime.
  let hasLooked = false;
  const isLeft = () => !session.isOpen && (hasLooked || typeof session.end !== 'object');
  while (!(isDone() && isLeft())) {
    if (!session.isOpen) {
      hasLooked = isDone();
      if (typeof session.end === 'object') checkError(session.end.error);
      // The page said what is wrong, and the person tries again.
      if (++reopened > 5) throw new Violation('I6', 'gives up although nothing is wrong');
      session.open();
    }
    if (!(await scheduler.step(limitMs))) {
      throw new Violation('I6', scheduler.isEmpty ? 'waits for nothing' : 'still trying');
    }
    if (scheduler.steps > MOST_STEPS) throw new Violation('I6', 'no end of steps');
  }
}

function checkError(error: unknown): void {
  if (error instanceof Violation) throw error; // the story itself has seen it
  if (!isHauloutError(error)) throw new Violation('I14', `an error without a code: ${error}`);
}

function asViolation(error: unknown): Violation {
  if (error instanceof Violation) return error;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new Violation('crash', text);
}

function countFacts(world: World, session: Session, writes: Parameters<CommitWatch>[2]): void {
  for (const { store, value } of writes) {
    if (store !== 'facts' || value === undefined) continue;
    session.newestFact = (value as IntentFact).kind;
    world.count(`fact ${session.newestFact}`);
  }
}

/** What struck requests, as the local network tells it. */
function countFaults(world: World): void {
  const { network, session } = world;
  const add = (what: string) => world.count(what);
  world.count('commits refused', session?.profile.fullRefusals ?? 0);
  for (const { fault } of network.fleet.log.since()) if (fault !== null) add(`node: ${fault}`);
  for (const [name, { log }] of Object.entries(network.services)) {
    for (const { fault } of log.since()) if (fault !== null) add(`${name}: ${fault}`);
  }
  for (const [fault, times] of Object.entries(network.life.chain.faults.counts)) {
    world.count(`chain: ${fault}`, times);
  }
}
