import { expect, it } from 'vitest';
import { LiveText } from '../../../src/app/shell/live-text.ts';
import { ManualClock } from '../../support/encoder-double.ts';

it('speaks what comes within a moment as one sentence, each kind in its region', async () => {
  const clock = new ManualClock();
  const live = new LiveText(clock);
  live.say('3 files added.');
  live.say('3 files added.');
  live.say('1 was known.');
  live.say('1 file needs you.', 'assertive');
  expect(live.texts()).toEqual({ polite: '', assertive: '' });
  await clock.pass(1000);
  expect(live.texts()).toEqual({
    polite: '3 files added. 1 was known.',
    assertive: '1 file needs you.',
  });
});

it('makes the same sentence new, so that it is spoken again', async () => {
  const clock = new ManualClock();
  const live = new LiveText(clock);
  const heard: string[] = [];
  live.subscribe(() => heard.push(live.texts().polite));
  live.say('Copied.');
  await clock.pass(1000);
  live.say('Copied.');
  await clock.pass(1000);
  expect(new Set(heard).size).toBe(2);
  expect(heard.map((text) => text.trim())).toEqual(['Copied.', 'Copied.']);
});
