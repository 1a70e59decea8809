import { expect, it } from 'vitest';
import { type TabChannel, TabTalk } from '../../../src/app/uploads/tab-talk.ts';
import { UploadDesk } from '../../../src/app/uploads/upload-desk.ts';
import { watchSleep } from '../../../src/app/uploads/watch-sleep.ts';
import type { Engine, SeenJob } from '../../../src/engine/engine.ts';
import type { JobSnapshot } from '../../../src/flows/store/types.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import { deferred } from '../../../src/transfer/deferred.ts';
import { ManualClock, settle } from '../../support/encoder-double.ts';

/** A desk with uploads, and what it asks of its engine. */
function deskWith(jobs: Readonly<Record<string, Partial<JobSnapshot>>>) {
  const asked: string[] = [];
  const cancelling = deferred<void>();
  const engine = {
    pause: async (jobId: string) => void asked.push(`pause ${jobId}`),
    resume: async (jobId: string) => void asked.push(`resume ${jobId}`),
    result: async () => [],
    cancel: async (jobId: string) => {
      asked.push(`cancel ${jobId}`);
      await cancelling.promise;
      return { meaning: 'space-kept' };
    },
  } as unknown as Engine;
  const desk = new UploadDesk(async () => engine, new ManualClock());
  for (const [jobId, change] of Object.entries(jobs)) {
    const base = { jobId, state: 'uploading', paid: 'paid', isPaused: false, files: [] } as const;
    const snapshot: JobSnapshot = { ...base, ...change };
    const isOver = change.condition !== undefined && change.condition.retryAtMs === undefined;
    const retry = change.condition?.retryAtMs === undefined ? {} : { retryWallMs: 1 };
    desk.onJob({ snapshot, isOver, ...retry } satisfies SeenJob);
  }
  return { desk, asked, letCancel: cancelling.resolve };
}

const FEW = new HauloutError('quorum-unreached', { have: 1, need: 2 });
const waits = { condition: { error: FEW, retryAtMs: 9 } };
const gaveUp = { condition: { error: FEW } };

it('goes on when the line is back with what only waits for it, and asks no wallet', async () => {
  const { desk, asked } = deskWith({
    ...{ waiting: waits, 'given up': gaveUp, sending: {} },
    ...{ held: { ...waits, isPaused: true }, unpaid: { ...waits, paid: 'nothing' } },
    wallet: { ...gaveUp, state: 'awaiting-certify' },
    file: { condition: { error: new HauloutError('source-missing', { bytes: 1 }) } },
  });
  desk.lineIsBack();
  await settle();
  expect(asked.filter((call) => call.startsWith('resume'))).toEqual([
    'resume waiting',
    'resume given up',
  ]);
  expect(asked.filter((call) => call.startsWith('pause'))).toHaveLength(2);
});

it('lets nothing come between an upload and its end once it is being cancelled', async () => {
  const waiting = { ...waits, state: 'certifying' } as const;
  const { desk, asked, letCancel } = deskWith({ left: waiting });
  const cancelled = desk.cancel('left'); // the engine is silent
  expect(desk.upload('left')).toMatchObject({ isCancelling: true });
  desk.lineIsBack();
  desk.onWanted('left');
  await settle();
  expect(asked).toEqual(['cancel left']);
  letCancel();
  expect(await cancelled).toEqual({ meaning: 'space-kept' });
  expect(desk.upload('left')).toMatchObject({ isCancelling: false });
});

it('tells after sleep how long it was, of what is under way', async () => {
  const { desk, asked } = deskWith({ waiting: waits, 'given up': gaveUp });
  desk.woke(3_840_000);
  await settle();
  expect(desk.upload('waiting')).toMatchObject({ sleptMs: 3_840_000 });
  expect(desk.upload('given up')).not.toHaveProperty('sleptMs');
  expect(asked).toContain('resume waiting');
});

it('takes long gaps between its looks for sleep, and no slow timer', async () => {
  const slept: number[] = [];
  const clock = new ManualClock();
  let aheadMs = 0;
  const wall = () => clock.wall() + aheadMs;
  void watchSleep({ wall, sleep: (ms) => clock.sleep(ms) }, (ms) => slept.push(ms));
  await clock.pass(20_000);
  aheadMs += 60_000; // a hidden page
  await clock.pass(20_000);
  expect(slept).toEqual([]);
  aheadMs += 3_600_000;
  await clock.pass(20_000);
  expect(slept).toEqual([3_605_000]);
});

it('hears from another tab that an upload has ended, and wakes no other by looking at it', async () => {
  const jobId = 'shared';
  const base = { jobId, paid: 'paid', isPaused: false, files: [] } as const;
  const ended: SeenJob = { snapshot: { ...base, state: 'certified' }, isOver: true };
  const listeners: ((message: unknown) => void)[] = [];
  let messages = 0;
  const tab = () => {
    const engine = {
      openJobs: async () => [],
      resume: async () => desk.onJob(ended),
      result: async () => [],
    } as unknown as Engine;
    const desk = new UploadDesk(async () => engine, new ManualClock());
    let own: ((message: unknown) => void) | undefined;
    const channel: TabChannel = {
      post(message) {
        messages += 1;
        for (const listener of listeners) if (listener !== own) listener(message);
      },
      listen(listener) {
        own = listener;
        listeners.push(listener);
      },
    };
    desk.talk(new TabTalk(channel, desk));
    return desk;
  };
  const [sender, ...others] = [tab(), tab(), tab()];
  const error = new HauloutError('upload-elsewhere', { jobId });
  for (const other of others) {
    other.onJob({ snapshot: { ...base, state: 'uploading', condition: { error } }, isOver: true });
  }
  sender?.onJob(ended);
  await settle();
  for (const other of others) expect(other.upload(jobId)?.stored).toEqual([]);
  expect(messages).toBe(1);
});
