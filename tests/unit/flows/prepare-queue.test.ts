import { beforeEach, describe, expect, it } from 'vitest';
import { PrepareQueue } from '../../../src/flows/prepare-queue.ts';
import { doneShare } from '../../../src/flows/queue-totals.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import { EncoderDouble, fileOf, ManualClock, settle } from '../../support/encoder-double.ts';

let clock: ManualClock;
let encoder: EncoderDouble;
let queue: PrepareQueue;

beforeEach(() => {
  clock = new ManualClock();
  encoder = new EncoderDouble();
  queue = new PrepareQueue({ encoder, clock, shardCount: 1000 });
});

/** Adds files and lets work start. */
async function add(...files: File[]): Promise<readonly string[]> {
  const before = queue.view().order.length;
  queue.add(files.map((file) => ({ file, folder: '' })));
  await clock.pass(1);
  return queue.view().order.slice(before);
}

const stateOf = (id: string | undefined) => queue.item(id ?? '')?.state;

describe('PrepareQueue', () => {
  it('prepares a file and keeps its ID without the metadata', async () => {
    const [id = ''] = await add(fileOf('a', 100));
    expect(queue.view().state).toBe('preparing');
    await clock.pass(40);
    encoder.callFor('a').finish({ blobId: 'x'.repeat(43), metadata: new Uint8Array(64_000) });
    await clock.pass(200);
    expect(stateOf(id)).toBe('ready');
    const prepared = queue.item(id)?.prepared;
    expect(prepared).toMatchObject({ blobId: 'x'.repeat(43), symbolBytes: 2, tookMs: 41 });
    expect(prepared).not.toHaveProperty('metadata');
    expect(queue.view()).toMatchObject({ state: 'settled', totals: { encodedBytes: 500 } });
  });

  it('asks for 1,000 shards with a signal', async () => {
    await add(fileOf('a'));
    expect(encoder.callFor('a').options.shardCount).toBe(1000);
    expect(encoder.callFor('a').options.signal?.aborted).toBe(false);
  });

  it('takes the same file only once', async () => {
    await add(fileOf('a', 10, 5));
    const again = queue.add([
      { file: fileOf('a', 10, 5), folder: '' },
      { file: fileOf('a', 10, 6), folder: '' },
      { file: fileOf('a', 10, 5), folder: 'sub' },
    ]);
    expect(again).toEqual({ added: 2, known: 1 });
    expect(queue.view().order).toHaveLength(1); // the view changes with the notice
    await settle();
    expect(queue.view().order).toHaveLength(3);
  });

  it('runs small files side by side and a large one alone', async () => {
    await add(fileOf('large', 500e6), fileOf('b'), fileOf('c'));
    expect(encoder.calls.map(({ file }) => file.name)).toEqual(['large']);
    encoder.callFor('large').finish();
    await clock.pass(1);
    expect(encoder.calls.map(({ file }) => file.name)).toEqual(['large', 'b', 'c']);
  });

  it('hands over a few files at a time, in their order', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `f${at}`);
    await add(...names.map((name) => fileOf(name)));
    expect(encoder.calls.length).toBeLessThan(10);
    for (let at = 0; at < 50; at++) {
      encoder.calls[at]?.finish();
      await settle();
    }
    await clock.pass(200);
    expect(encoder.calls.map(({ file }) => file.name)).toEqual(names);
    expect(queue.view().totals.states.ready).toBe(50);
  });

  it('holds the work of a few paused files; those of which less was done start again', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `f${at}`);
    const ids = await add(...names.map((name) => fileOf(name)));
    for (const [at, id] of ids.entries()) {
      encoder.callFor(`f${at}`).progress(at);
      await clock.pass(200);
      queue.pause([id]);
      await clock.pass(1);
    }
    const held = encoder.calls.filter(({ options }) => options.signal?.aborted === false);
    expect(held.map(({ file }) => file.name)).toEqual(names.slice(-6));
    expect(queue.view().totals.states.paused).toBe(20);
    expect(queue.item(ids[0] ?? '')?.progress).toBeUndefined();
    expect(queue.item(ids[19] ?? '')?.progress).toMatchObject({ bytesDone: 19 });
    queue.resume([ids[0] ?? '']);
    await clock.pass(1);
    expect(encoder.calls).toHaveLength(21);
    encoder.callFor('f0').finish();
    await clock.pass(200);
    expect(stateOf(ids[0])).toBe('ready');
  });

  it('holds the work of large paused files only if it is little in all, and the larger part of it', async () => {
    const [a = '', b = ''] = await add(fileOf('a', 100e6), fileOf('b', 100e6), fileOf('tiny'));
    queue.pause([a]);
    await clock.pass(1);
    encoder.callFor('b').progress(10);
    await clock.pass(200);
    queue.pause([b]);
    expect(encoder.callFor('a').options.signal?.aborted).toBe(true);
    await clock.pass(1);
    queue.pauseAll();
    expect(encoder.callFor('tiny').options.signal?.aborted).toBe(false);
    expect(encoder.callFor('b').options.signal?.aborted).toBe(false);
  });

  it('keeps the work of a huge paused file when a tiny one is paused after it', async () => {
    const [huge = '', tiny = ''] = await add(fileOf('huge', 500e6), fileOf('tiny', 100));
    encoder.callFor('huge').progress(400e6);
    queue.pause([huge]);
    await clock.pass(1);
    encoder.callFor('tiny').progress(90);
    queue.pause([tiny]);
    await clock.pass(1);
    expect(encoder.callFor('huge').options.signal?.aborted).toBe(false);
    expect(encoder.callFor('tiny').options.signal?.aborted).toBe(true);
    expect(queue.item(huge)).toMatchObject({ state: 'paused', progress: { bytesDone: 400e6 } });
    expect(queue.item(tiny)).toMatchObject({ state: 'paused', progress: undefined });
  });

  it('pauses: work is held, and goes on where it was', async () => {
    const [id = ''] = await add(fileOf('a', 100));
    const work = encoder.callFor('a');
    await clock.pass(1000);
    work.progress(50);
    await clock.pass(100);
    queue.pauseAll();
    await settle();
    expect(work.options).toMatchObject({ signal: { aborted: false }, hold: { isHeld: true } });
    expect(queue.item(id)).toMatchObject({ state: 'paused', progress: { bytesDone: 50 } });
    expect(queue.view().state).toBe('paused');
    expect(doneShare(queue.view().totals)).toBe(0.5);
    work.progress(60); // a step that was begun
    await clock.pass(60_000);
    expect(queue.item(id)).toMatchObject({ progress: { bytesDone: 60 }, pace: undefined });
    queue.resumeAll();
    await clock.pass(1);
    expect(encoder.calls).toHaveLength(1);
    expect(work.options.hold?.isHeld).toBe(false);
    expect(queue.item(id)).toMatchObject({ state: 'preparing', progress: { bytesDone: 60 } });
    await clock.pass(400);
    work.finish();
    await clock.pass(200);
    expect(queue.item(id)).toMatchObject({ state: 'ready', prepared: { tookMs: 1502 } });
  });

  it('lets other files go on in the place of one that is held', async () => {
    const [large = ''] = await add(fileOf('large', 500e6), fileOf('b'));
    queue.pause([large]);
    await settle();
    expect(encoder.calls.map(({ file }) => file.name)).toEqual(['large', 'b']);
    expect(queue.view().state).toBe('preparing');
  });

  it('starts a file that was held from its beginning after it was removed and brought back', async () => {
    const [id = ''] = await add(fileOf('a', 100));
    encoder.callFor('a').progress(50);
    queue.pause([id]);
    queue.remove([id]);
    expect(encoder.callFor('a').options.signal?.aborted).toBe(true);
    queue.undoRemove();
    expect(queue.item(id)).toMatchObject({ state: 'paused', progress: undefined });
    queue.resume([id]);
    await clock.pass(1);
    expect(encoder.calls).toHaveLength(2);
  });

  it('undoes removals one after the other, the last one first', async () => {
    const [a = '', b = '', c = '', d = ''] = await add(
      ...['a', 'b', 'c', 'd'].map((n) => fileOf(n)),
    );
    queue.remove([a, c]);
    queue.remove([b]);
    await settle();
    const { removal: second } = queue.view();
    expect(queue.view().order).toEqual([d]);
    expect(second?.files.map(({ item }) => item.id)).toEqual([b]);
    queue.undoRemove();
    await settle();
    expect(queue.view().order).toEqual([b, d]);
    expect(queue.view().removal?.files.map(({ item }) => item.id)).toEqual([a, c]);
    queue.undoRemove();
    await settle();
    expect(queue.view()).toMatchObject({ order: [a, b, c, d], removal: undefined });
    queue.remove([a]);
    queue.remove([b]);
    await settle();
    expect(queue.view().removal?.id).toBeGreaterThan(second?.id ?? 0); // a new one, not one seen before
    queue.forgetRemoved();
    expect(queue.undoRemove()).toBe(0);
  });

  it('ignores what a stopped job still reports', async () => {
    const [id = ''] = await add(fileOf('a', 100));
    const first = encoder.callFor('a');
    queue.stop([id]);
    first.progress(70);
    first.finish();
    await clock.pass(200);
    expect(queue.item(id)).toMatchObject({ state: 'stopped', progress: undefined });
    await queue.retry([id]);
    await clock.pass(1);
    first.fail(new Error('late'));
    await clock.pass(200);
    expect(stateOf(id)).toBe('preparing');
  });

  it('keeps an error with its file while the others go on', async () => {
    const [a = '', b = ''] = await add(fileOf('a'), fileOf('b'));
    const error = new HauloutError('file-unreadable', {});
    encoder.callFor('a').fail(error);
    encoder.callFor('b').finish();
    await clock.pass(200);
    expect(queue.item(a)).toMatchObject({ state: 'failed', error });
    expect(stateOf(b)).toBe('ready');
    expect(queue.view().state).toBe('settled');
    expect(doneShare(queue.view().totals)).toBe(1);
  });

  it('opens a changed file again before it retries', async () => {
    const fresh = fileOf('a', 20, 2);
    queue.add([{ file: fileOf('a', 10, 1), folder: '', reopen: async () => fresh }]);
    await clock.pass(1);
    const [id = ''] = queue.view().order;
    encoder.callFor('a').fail(new HauloutError('file-changed', {}));
    await clock.pass(200);
    await queue.retry([id]);
    await clock.pass(1);
    expect(encoder.callFor('a').file).toBe(fresh);
    expect(queue.view().totals.bytes).toBe(20);
  });

  it('removes files, also in work, and brings them back to their places', async () => {
    const [a = '', b = '', c = '', d = ''] = await add(
      ...['a', 'b', 'c', 'd'].map((n) => fileOf(n)),
    );
    encoder.callFor('d').finish();
    await clock.pass(200);
    queue.remove([b, d]);
    await settle();
    expect(encoder.callFor('b').options.signal?.aborted).toBe(true);
    expect(queue.view()).toMatchObject({ order: [a, c], totals: { count: 2 } });
    expect(queue.view().removal?.files).toHaveLength(2);
    expect(queue.undoRemove()).toBe(2);
    await clock.pass(1);
    expect(queue.view()).toMatchObject({ order: [a, b, c, d], removal: undefined });
    expect([stateOf(b), stateOf(d)]).toEqual(['preparing', 'ready']);
  });

  it('does not bring a file back twice', async () => {
    const [a = ''] = await add(fileOf('a', 10, 1));
    queue.remove([a]);
    await add(fileOf('a', 10, 1));
    expect(queue.undoRemove()).toBe(0);
    await settle();
    expect(queue.view().totals.count).toBe(1);
  });

  it('shows how many files a listing has found, and stops it', async () => {
    let release: () => void = () => undefined;
    async function* listing() {
      yield [{ file: fileOf('a'), folder: 'x' }];
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield [{ file: fileOf('b'), folder: 'x' }];
      yield [{ file: fileOf('c'), folder: 'x' }];
    }
    const done = queue.addFrom(listing());
    await settle();
    expect(queue.view().listed).toBe(1);
    queue.stopListing();
    release();
    await expect(done).resolves.toEqual({ added: 1, known: 0 });
    await settle();
    expect(queue.view()).toMatchObject({ listed: undefined, totals: { count: 1 } });
  });

  it('counts and stops two listings that overlap', async () => {
    const open: (() => void)[] = [];
    async function* listing(name: string) {
      yield [{ file: fileOf(name, 10), folder: '' }];
      await new Promise<void>((resolve) => open.push(resolve));
      yield [{ file: fileOf(`${name}2`, 10), folder: '' }];
    }
    const [a, b] = [queue.addFrom(listing('a')), queue.addFrom(listing('b'))];
    await settle();
    open[0]?.();
    await expect(a).resolves.toEqual({ added: 2, known: 0 });
    expect(queue.view().listed).toBe(3);
    queue.stopListing();
    open[1]?.();
    await expect(b).resolves.toEqual({ added: 1, known: 0 });
    await settle();
    expect(queue.view()).toMatchObject({ listed: undefined, totals: { count: 3 } });
  });

  it('tells of progress at most ten times a second, and at once of what a person did', async () => {
    const [a = ''] = await add(fileOf('a', 1000), fileOf('b', 1000));
    let told = 0;
    queue.subscribe(() => told++);
    for (let at = 0; at < 100; at++) {
      encoder.callFor('a').progress(at);
      encoder.callFor('b').progress(at);
      await clock.pass(10);
    }
    expect(told).toBeGreaterThanOrEqual(9);
    expect(told).toBeLessThanOrEqual(11);
    told = 0;
    queue.pause([a]);
    await settle();
    expect(told).toBe(1);
  });

  it('tells the listeners of one file only of that file', async () => {
    const [a = '', b = ''] = await add(fileOf('a', 1000), fileOf('b', 1000));
    const told: string[] = [];
    queue.subscribeItem(a, () => told.push('a'));
    const end = queue.subscribeItem(b, () => told.push('b'));
    encoder.callFor('b').progress(5);
    await clock.pass(100);
    expect(told).toEqual(['b']);
    end();
    encoder.callFor('b').progress(6);
    await clock.pass(100);
    expect(told).toEqual(['b']);
  });

  it('gives the same view until something changes', async () => {
    await add(fileOf('a'));
    const view = queue.view();
    expect(queue.view()).toBe(view);
    encoder.callFor('a').progress(1);
    await clock.pass(100);
    expect(queue.view()).not.toBe(view);
  });

  it('takes thousands of files, and each change costs the same', async () => {
    const files = Array.from({ length: 5000 }, (_, at) => ({ file: fileOf(`f${at}`), folder: '' }));
    queue.add(files);
    await clock.pass(1);
    for (let at = 0; at < 5000; at++) {
      encoder.calls[at]?.finish();
      await settle();
    }
    await clock.pass(200);
    expect(queue.view().totals).toMatchObject({
      count: 5000,
      bytes: 50_000,
      workDone: 5000 * 445_556,
      states: { ready: 5000, preparing: 0, waiting: 0 },
    });
  });

  it('foresees the end of many small files by their number, not by their bytes', async () => {
    const tiny = Array.from({ length: 18 }, (_, at) => fileOf(`tiny${at}`, 1));
    await add(...tiny, fileOf('small', 400_000), fileOf('small2', 400_000));
    for (let at = 0; at < 10; at++) {
      await clock.pass(1000);
      encoder.calls[at]?.finish();
      await settle();
    }
    await clock.pass(200);
    expect(queue.view().pace?.secondsLeft).toBe(10); // one a second, ten to go
  });
});
