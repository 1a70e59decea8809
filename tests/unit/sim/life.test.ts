import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/devnet/seeded-random.ts';
import { drawConfig, type SimConfig } from '../../sim/config.ts';
import { Life, Profile } from '../../sim/life.ts';
import { Scheduler } from '../../sim/scheduler.ts';
import { shrink } from '../../sim/shrink.ts';
import { Violation } from '../../sim/violation.ts';

interface Stores extends Record<string, unknown> {
  readonly notes: string;
}

function machine() {
  const scheduler = new Scheduler();
  const profile = new Profile<Stores>(scheduler, seededRandom('test', 'store'));
  const life = new Life('page', scheduler);
  const run = async (untilMs = Number.POSITIVE_INFINITY) => {
    while (await scheduler.step(untilMs));
  };
  const write = (key: string, durability: 'strict' | 'relaxed') =>
    profile.store(life).commit([{ store: 'notes', key, value: key }], durability);
  const keys = () => profile.rows.keys('notes', { begin: '', end: '\uffff' });
  return { scheduler, profile, life, run, write, keys };
}

it('runs events by their time and, among equals, in the order in which they were made', async () => {
  const { scheduler, run } = machine();
  const seen: string[] = [];
  for (const [ms, name] of [
    [5, 'c'],
    [1, 'a'],
    [5, 'd'],
    [3, 'b'],
  ] as const) {
    scheduler.at(ms, 'test', name, () => seen.push(name));
  }
  await run();
  expect(seen.join('')).toBe('abcd');
  expect(scheduler.nowMs).toBe(5);
});

it('takes back only the newest relaxed commits when the power fails, never a strict one', async () => {
  const lost = new Set<number>();
  for (let round = 0; round < 30; round++) {
    const { profile, run, write, keys, scheduler } = machine();
    for (let skip = 0; skip < round; skip++) profile.losePower(); // other chance each round
    await write1(write('1', 'relaxed'), run);
    await write1(write('2', 'strict'), run);
    await write1(write('3', 'relaxed'), run);
    scheduler.nowMs += 6_000;
    await write1(write('4', 'relaxed'), run);
    await write1(write('5', 'relaxed'), run);
    lost.add(profile.losePower());
    expect((await keys()).join('')).toMatch(/^123(4(5)?)?$/);
  }
  expect([...lost].sort()).toEqual([0, 1, 2]);
});

async function write1(work: Promise<void>, run: () => Promise<void>): Promise<void> {
  await run();
  await work;
}

it('does what a dead page asked for, tells it nothing, and frees its locks', async () => {
  const { profile, life, scheduler, run, write, keys } = machine();
  const locks = profile.locks(life);
  let told = false;
  void locks.hold('lock', async () => {
    await write('a', 'strict');
    told = true;
  });
  const other = new Life('other', scheduler);
  expect(await profile.locks(other).hold('lock', async () => 1)).toBe('busy');
  // Until the commit has happened and its answer is on the way.
  while ((await keys()).length === 0) expect(await scheduler.step()).toBe(true);
  life.alive = false;
  await run();
  expect(told).toBe(false);
  expect(await profile.locks(other).hold('lock', async () => 1)).toBe(1);
});

it('delivers everything to a machine when it wakes up', async () => {
  const { life, scheduler, run } = machine();
  const seen: number[] = [];
  life.at(1_000, 'timer', () => seen.push(scheduler.nowMs));
  life.sleep();
  scheduler.at(60_000, 'person', 'opens the lid', () => life.wake());
  await run();
  expect(seen).toEqual([60_000]);
});

it('shrinks a failing run to what matters', async () => {
  const config: SimConfig = {
    ...drawConfig('7'),
    faults: ['crash', 'sleep', 'epoch-ends', 'flaky-nodes'],
  };
  const attempt = async (tried: SimConfig) => {
    const fails = tried.faults.includes('crash') && !tried.without?.includes(3);
    const result = { config: tried, traceHash: '', steps: 1, virtualMs: 1, moments: 8 };
    const violation = fails ? { violation: new Violation('I2', 'paid twice') } : {};
    return { ...result, ...violation, counts: new Map(), lines: [] };
  };
  const { config: small } = await shrink(await attempt(config), attempt);
  expect(small.faults).toEqual(['crash']);
  expect(small.blobs).toEqual([{ bytes: 1, salt: 0 }]);
  expect(small.without).toEqual([0, 1, 2, 4, 5, 6, 7]);
});
