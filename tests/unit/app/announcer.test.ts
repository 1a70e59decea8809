import english from 'virtual:messages/en';
import { beforeEach, expect, it } from 'vitest';
import { LiveText } from '../../../src/app/shell/live-text.ts';
import { announce } from '../../../src/app/store/announcer.ts';
import { PrepareQueue } from '../../../src/flows/prepare-queue.ts';
import { formatsFor } from '../../../src/presentation/format.ts';
import { createSay } from '../../../src/presentation/messages.ts';
import { EncoderDouble, fileOf, ManualClock, settle } from '../../support/encoder-double.ts';

const words = { say: createSay('en-US', english), formats: formatsFor('en-US') };

let clock: ManualClock;
let encoder: EncoderDouble;
let queue: PrepareQueue;
let heard: string[];

beforeEach(() => {
  clock = new ManualClock();
  encoder = new EncoderDouble();
  queue = new PrepareQueue({ encoder, clock, shardCount: 1000 });
  const live = new LiveText(clock);
  let before = live.texts();
  live.subscribe(() => {
    const { polite, assertive } = live.texts();
    if (polite !== before.polite) heard.push(polite);
    if (assertive !== before.assertive) heard.push(`now: ${assertive}`);
    before = live.texts();
  });
  heard = [];
  announce(queue, live, clock, words);
});

async function add(...names: string[]): Promise<readonly string[]> {
  queue.add(names.map((name) => ({ file: fileOf(name, 1000), folder: '' })));
  await clock.pass(1);
  return queue.view().order;
}

it('says each pause and each going on, however quickly they follow', async () => {
  await add('a');
  queue.pauseAll();
  await settle();
  queue.resumeAll();
  await settle();
  queue.pauseAll();
  await clock.pass(1000);
  expect(heard).toEqual(['Paused. Preparing goes on. Paused.']);
});

it('says each removal, also one that takes the place of one that was undone', async () => {
  const [a = '', b = '', c = ''] = await add('a', 'b', 'c');
  queue.remove([a]);
  await clock.pass(1000);
  queue.undoRemove();
  queue.remove([b, c]);
  await clock.pass(1000);
  queue.undoRemove();
  await clock.pass(1000);
  expect(heard).toEqual(['1 file removed', '2 files removed']);
});

it('says at the end what is ready and what needs the person', async () => {
  await add('a', 'b');
  encoder.callFor('a').finish();
  encoder.callFor('b').fail(new Error('no'));
  await clock.pass(1000);
  expect(heard).toEqual(['The blob ID is ready.', 'now: 1 file needs you.']);
});

it('says each quarter once, and not more often than every twenty seconds', async () => {
  await add('a');
  for (let done = 0; done < 1000; done++) {
    encoder.callFor('a').progress(done);
    await clock.pass(100);
  }
  expect(heard).toEqual(['25% prepared.', '50% prepared.', '75% prepared.']);
  queue.stop(queue.view().order);
  await clock.pass(21_000);
  heard = [];
  await queue.retry(queue.view().order);
  await clock.pass(1);
  for (let done = 0; done < 1000; done += 10) {
    encoder.callFor('a').progress(done);
    await clock.pass(100);
  }
  expect(heard).toEqual(['25% prepared.']);
});
