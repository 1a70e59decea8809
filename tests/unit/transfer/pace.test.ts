import { describe, expect, it } from 'vitest';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { HOST_REQUESTS, Pace } from '../../../src/transfer/pace.ts';
import { handClock } from '../../support/devnet/local-sui.ts';

const { signal } = new AbortController();
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const MiB = 1 << 20;

function world() {
  const clock = handClock();
  const pace = new Pace(clock);
  const running: { name: string; idleMs: number; late(): void; end(): void; fail(): void }[] = [];
  const run = (name: string, host: string, bytes: number, order = 0, stop = signal) =>
    pace.run(
      { host, bytes, order: () => order },
      (idleMs, late) =>
        new Promise<void>((resolve, reject) => {
          const leave = () => running.splice(running.indexOf(entry), 1);
          const entry = {
            ...{ name, idleMs, late },
            end: () => [leave(), resolve()],
            fail: () => [leave(), reject(new Error(name))],
          };
          running.push(entry);
        }),
      stop,
    );
  return { clock, pace, running, run, names: () => running.map(({ name }) => name) };
}

describe('Pace', () => {
  it('lets as many requests go to one host as a browser has connections', async () => {
    const { run, running, names } = world();
    for (let i = 0; i < 8; i++) void run(`a${i}`, 'a', 0);
    void run('b', 'b', 0);
    await turn();
    expect(names()).toEqual(['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'b']);
    expect(HOST_REQUESTS).toBe(6);
    running[0]?.end();
    await turn();
    expect(names()).toContain('a6');
    expect(names()).not.toContain('a7');
  });

  it('keeps the number of requests over all hosts below the limit of browsers', async () => {
    const { run, running } = world();
    for (let i = 0; i < 400; i++) void run(String(i), `host ${i}`, 0);
    await turn();
    expect(running.length).toBeLessThan(256);
  });

  it('takes those that come first in order, whenever they came', async () => {
    const { run, running, names } = world();
    for (let i = 0; i < 6; i++) void run(`first ${i}`, 'a', 0);
    void run('late', 'a', 0, 5);
    void run('early', 'a', 0, 1);
    await turn();
    running[0]?.end();
    await turn();
    expect(names()).toContain('early');
    expect(names()).not.toContain('late');
  });

  it('bounds the bytes under way, and lets one go that is larger than that', async () => {
    const { run, names } = world();
    const hosts = Array.from({ length: 20 }, (_, i) => `host ${i}`);
    for (const host of hosts) void run(host, host, MiB / 8);
    await turn();
    expect(names()).toHaveLength(4);
    const { run: other, names: otherNames } = world();
    void other('large', 'a', 40 * MiB);
    await turn();
    expect(otherNames()).toEqual(['large']);
  });

  it('lets more go on a line that takes more', async () => {
    const { run, running, names, clock, pace } = world();
    for (let i = 0; i < 3; i++) {
      void run('fast', `host ${i}`, MiB);
      await turn();
      clock.advance(100);
      running[0]?.end();
      await turn();
    }
    expect(pace.rate).toBeGreaterThan(MiB / 200);
    for (let i = 0; i < 40; i++) void run(`more ${i}`, `host ${i}`, MiB);
    await turn();
    expect(names().length).toBe(24); // the most, however fast
  });

  it('does not let one host that hangs have all the bytes', async () => {
    const { run, names } = world();
    for (let i = 0; i < 6; i++) void run(`hangs ${i}`, 'a', MiB / 8);
    void run('moves', 'b', MiB / 8, 9);
    await turn();
    expect(names()).toEqual(['hangs 0', 'moves']);
  });

  it('gives the room of those that are late to others, and takes it back once', async () => {
    const { run, running, names } = world();
    for (let i = 0; i < 6; i++) void run(`${i}`, `host ${i}`, MiB / 8);
    await turn();
    expect(names()).toEqual(['0', '1', '2', '3']);
    running[0]?.late();
    await turn();
    expect(names()).toEqual(['0', '1', '2', '3', '4']);
    const [late, other] = running;
    late?.end();
    await turn();
    expect(names()).toEqual(['1', '2', '3', '4']);
    other?.end();
    await turn();
    expect(names()).toEqual(['2', '3', '4', '5']);
    other?.late(); // it has come already
    await turn();
    for (let i = 6; i < 9; i++) void run(`${i}`, `host ${i}`, MiB / 8);
    await turn();
    expect(names()).toEqual(['2', '3', '4', '5']);
  });

  it('allows more silence the more there is under way before it', async () => {
    const { run, running } = world();
    void run('alone', 'a', 0);
    await turn();
    for (let i = 0; i < 4; i++) void run(`busy ${i}`, `b${i}`, MiB / 8);
    await turn();
    const [alone, ...busy] = running.map(({ idleMs }) => idleMs);
    expect(alone).toBe(15_000);
    expect(busy.at(-1)).toBeGreaterThan(60_000);
    expect(busy.at(-1)).toBeLessThan(70_000);
  });

  it('forgets those that are ended while they wait', async () => {
    const { run, running, names } = world();
    const stop = new AbortController();
    for (let i = 0; i < 6; i++) void run(`first ${i}`, 'a', 0);
    const ended = run('ended', 'a', 0, 0, stop.signal).catch((error: unknown) => error);
    void run('next', 'a', 0, 1);
    stop.abort();
    expect(isHauloutError(await ended, 'aborted')).toBe(true);
    running[0]?.end();
    await turn();
    expect(names()).toContain('next');
    expect(names()).not.toContain('ended');
  });

  it('gives the place back after a failure', async () => {
    const { run, running, names } = world();
    const works = Array.from({ length: 7 }, (_, i) => run(`a${i}`, 'a', 0).catch(() => 'failed'));
    await turn();
    running[0]?.fail();
    expect(await works[0]).toBe('failed');
    await turn();
    expect(names()).toContain('a6');
  });
});
