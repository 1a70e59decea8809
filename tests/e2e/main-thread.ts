import { Worker } from 'node:worker_threads';
import { expect, type Page } from '@playwright/test';

/** The most that one task may take, in ms. */
const LIMIT_MS = 50;

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** microseconds from begin to end */
  readonly dur?: number;
  /** microseconds of processor time in between */
  readonly tdur?: number;
  readonly args: { name?: string };
}

/** One task of the page's main thread, in ms. */
interface Task {
  readonly tookMs: number;
  readonly workedMs: number;
}

export interface MainThread {
  readonly tasks: readonly Task[];
  /** what other programs took from a thread in `LIMIT_MS` of its work at the worst, in the same time */
  readonly lostMs: number;
}

/** Traces the main thread of a page while `act` runs. Chromium only. */
export async function traceMainThread(page: Page, act: () => Promise<void>): Promise<MainThread> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser to trace');
  const machine = watchMachine();
  await browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  const lostMs = await machine.stop();
  const mains = new Set(
    trace.traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = trace.traceEvents
    .filter(
      ({ ph, name, pid, tid }) =>
        ph === 'X' && name.endsWith('RunTask') && mains.has(`${pid} ${tid}`),
    )
    .map(({ dur = 0, tdur = 0 }) => ({ tookMs: dur / 1000, workedMs: tdur / 1000 }))
    .sort((a, b) => b.tookMs - a.tookMs);
  expect(tasks.length).toBeGreaterThan(0); // the trace is real
  return { tasks, lostMs };
}

/**
 * Tasks that took too long: by their own work, or by waiting for anything but a processor. On a machine
 * that is shared a task also takes longer because others run; the watch tells by how much.
 */
export function tooLong({ tasks, lostMs }: MainThread): readonly Task[] {
  return tasks.filter(({ tookMs, workedMs }) => workedMs > LIMIT_MS || tookMs > LIMIT_MS + lostMs);
}

/** The longest tasks in words, for the log. */
export function longest({ tasks, lostMs }: MainThread): string {
  const texts = tasks
    .slice(0, 5)
    .map(({ tookMs, workedMs }) => `${tookMs.toFixed(0)} (worked ${workedMs.toFixed(0)})`);
  return `${texts.join(', ')} ms; the machine took up to ${lostMs.toFixed(0)} ms`;
}

/**
 * Runs in a thread of its own: works for 25 ms of processor time, five times a second, and notes the
 * longest time for which it was not let to. Two such turns are one `LIMIT_MS`.
 */
const WATCH = `
  const { parentPort } = require('node:worker_threads');
  let worst = 0;
  const turn = () => {
    let [last, own, lost] = [performance.now(), 0, 0];
    while (own < ${LIMIT_MS / 2}) {
      const now = performance.now();
      if (now - last > 0.5) lost += now - last;
      else own += now - last;
      last = now;
    }
    worst = Math.max(worst, 2 * lost);
  };
  turn();
  const timer = setInterval(turn, 200);
  parentPort.once('message', () => {
    clearInterval(timer);
    parentPort.postMessage(worst);
  });
`;

function watchMachine(): { stop(): Promise<number> } {
  const watch = new Worker(WATCH, { eval: true });
  return {
    stop: () =>
      new Promise((resolve, reject) => {
        watch.once('error', reject);
        watch.once('message', resolve);
        watch.postMessage('stop');
      }),
  };
}
