import { expect, it } from 'vitest';
import { lookAt, workOn } from '../../../../src/flows/store/job-lock.ts';
import { processLocks } from '../../../../src/store/process-locks.ts';
import { deferred } from '../../../../src/transfer/deferred.ts';
import { ManualClock } from '../../../support/encoder-double.ts';

const { signal } = new AbortController();

it('two tabs that only look do not take each other for one that works', async () => {
  const ports = { locks: processLocks(), clock: new ManualClock() };
  const looking = deferred<void>();
  const first = lookAt(ports, 'j', () => looking.promise);
  expect(await lookAt(ports, 'j', () => Promise.reject(new Error('looked twice')))).toBe(false);
  looking.resolve();
  expect(await first).toBe(false);
});

it('one that works is seen by one that looks, and by another that would work', async () => {
  const ports = { locks: processLocks(), clock: new ManualClock() };
  const working = deferred<string>();
  const work = workOn(ports, 'j', () => working.promise, signal);
  expect(await lookAt(ports, 'j', () => Promise.reject(new Error('looked')))).toBe(true);
  expect(await workOn(ports, 'j', async () => 'twice', signal)).toBe('busy');
  working.resolve('done');
  expect(await work).toBe('done');
});

it('one that looks is waited for, until the wait is ended', async () => {
  const clock = new ManualClock();
  const ports = { locks: processLocks(), clock };
  const looking = deferred<void>();
  const look = lookAt(ports, 'j', () => looking.promise);
  const stop = new AbortController();
  const stopped = workOn(ports, 'j', async () => 'stopped', stop.signal);
  const work = workOn(ports, 'j', async () => 'done', signal);
  await clock.pass(1_000);
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  looking.resolve();
  await look;
  await clock.pass(200);
  expect(await work).toBe('done');
});
