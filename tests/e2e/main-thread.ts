import { Worker } from 'node:worker_threads';
import { expect, type Page } from '@playwright/test';

/** The most that one task may take, in ms. */
const LIMIT_MS = 50;
/** A machine that is slower than that is no excuse. */
const MOST_SLOWDOWN = 1.5;

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

/** What the machine does to a thread that works beside the page. */
interface Machine {
  /** what other programs took from a thread in `LIMIT_MS` of its work at the worst, in the same time */
  readonly lostMs: number;
  /** how many times longer than at its best the same work took, 1 or more */
  readonly slowdown: number;
}

export interface MainThread extends Machine {
  readonly tasks: readonly Task[];
}

/** Traces the main thread of a page while `act` runs. Chromium only. */
export async function traceMainThread(page: Page, act: () => Promise<void>): Promise<MainThread> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('no browser to trace');
  const machine = watchMachine();
  await browser.startTracing(page, { categories: ['toplevel'] });
  await act();
  const trace: { traceEvents: TraceEvent[] } = JSON.parse(String(await browser.stopTracing()));
  const { lostMs, slowdown } = await machine.stop();
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
  return { tasks, lostMs, slowdown };
}

/**
 * Tasks that took too long: by their own work, or by waiting for anything but a processor. On a machine
 * that is shared a task also takes longer because others run; the watch tells by how much.
 */
export function tooLong({ tasks, lostMs, slowdown }: MainThread): readonly Task[] {
  const limitMs = LIMIT_MS * Math.min(slowdown, MOST_SLOWDOWN);
  return tasks.filter(({ tookMs, workedMs }) => workedMs > limitMs || tookMs > limitMs + lostMs);
}

/** The longest tasks in words, for the log. */
export function longest({ tasks, lostMs, slowdown }: MainThread): string {
  const texts = tasks
    .slice(0, 5)
    .map(({ tookMs, workedMs }) => `${tookMs.toFixed(0)} (worked ${workedMs.toFixed(0)})`);
  const mostMs = Math.max(...tasks.map(({ workedMs }) => workedMs));
  return `${texts.join(', ')} ms, at most ${mostMs.toFixed(0)} ms of work; the machine took up to ${lostMs.toFixed(0)} ms and was ${slowdown.toFixed(1)} times as slow as at its best`;
}

/**
 * Runs in a thread of its own: works for 25 ms five times a second, always the same small piece of work.
 * Pieces that take far longer than the quickest were interrupted; the others tell by how much the processor
 * is slowed down by what runs beside. Two turns are one `LIMIT_MS`.
 */
const WATCH = `
  const { parentPort } = require('node:worker_threads');
  let sink = 0;
  const piece = () => {
    const begin = performance.now();
    for (let i = 0; i < 100000; i++) sink = (sink + Math.imul(i, sink | 1)) | 0;
    return performance.now() - begin;
  };
  let quickest = Infinity;
  for (let i = 0; i < 200; i++) quickest = Math.min(quickest, piece());
  let lostMs = 0;
  const times = [];
  const turn = () => {
    let [own, lost] = [0, 0];
    while (own < ${LIMIT_MS / 2}) {
      const ms = piece();
      quickest = Math.min(quickest, ms);
      if (ms > 4 * quickest) lost += ms - quickest;
      else times.push(ms);
      own += Math.min(ms, 4 * quickest);
    }
    lostMs = Math.max(lostMs, 2 * lost);
  };
  turn();
  const timer = setInterval(turn, 200);
  parentPort.once('message', () => {
    clearInterval(timer);
    times.sort((a, b) => a - b);
    parentPort.postMessage({ lostMs, slowdown: times[Math.floor(times.length * 0.95)] / quickest });
  });
`;

function watchMachine(): { stop(): Promise<Machine> } {
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
