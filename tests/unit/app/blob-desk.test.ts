import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { BlobDesk, type BlobDeskPorts } from '../../../src/app/viewer/blob-desk.ts';
import type { BlobState } from '../../../src/app/viewer/blob-state.ts';
import type { Gateway, GatewayFollower } from '../../../src/app/viewer/gateway.ts';
import { shownWhole } from '../../../src/app/viewer/make-shown.ts';
import { isOnShow } from '../../../src/app/viewer/shown-as.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { EngineHost } from '../../../src/engine/engine-host.ts';
import { countParts } from '../../../src/presentation/verification-map.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { deferred } from '../../../src/transfer/deferred.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { type KnownBlob, ReadWorld } from '../../support/read-world.ts';

const LENGTH = 20_001;
const NOBODY = { onJob() {}, onSetAside() {}, onLost() {} };

let world: ReadWorld;
let engine: Engine;
let blob: KnownBlob;

beforeAll(async () => {
  world = await ReadWorld.open([1, 2, 2, 3, 5]);
  blob = await world.store(LENGTH);
  const { aggregatorUrl: _, ...network } = world.served.description; // nodes alone
  engine = await Engine.start(new EngineHost(), { network }, NOBODY, (page) => page);
}, 60_000);
afterAll(() => world.close());
afterEach(() => world.healAll());

const made: Blob[] = [];

function desk(blobId: string, ports: Partial<BlobDeskPorts> = {}, isStrict = false): BlobDesk {
  const usual: BlobDeskPorts = {
    clock: systemClock,
    engine: async () => engine,
    gatewayNow: () => undefined,
    gateway: async () => undefined,
    makeUrl: (whole) => `blob:${made.push(whole) - 1}`,
    dropUrl: () => undefined,
  };
  return new BlobDesk({ ...usual, ...ports }, { id: blobId, isStrict });
}

/** Waits for a state of a desk. */
function reached(of: BlobDesk, is: (state: BlobState) => boolean): Promise<BlobState> {
  return new Promise((resolve) => {
    const look = () => {
      if (!is(of.state())) return;
      end();
      resolve(of.state());
    };
    const end = of.subscribe(look);
    look();
  });
}

const isOver = ({ stage }: BlobState) => stage.kind !== 'looking';

async function shownBytes({ stage }: BlobState): Promise<Uint8Array | undefined> {
  if (stage.kind !== 'shown' || stage.shown.url === undefined) return undefined;
  return new Uint8Array((await made[Number(stage.shown.url.slice(5))]?.arrayBuffer()) ?? []);
}

it('without a worker reads all of it itself, and sees every part', async () => {
  const shown = desk(blob.blobId);
  const close = shown.open();
  expect(await shownBytes(await reached(shown, isOver))).toEqual(blob.bytes);
  const { seen } = await reached(shown, ({ life }) => life !== undefined);
  expect(countParts(seen).byState.verified).toBe(seen.partCount);
  expect(shown.state().life?.endsMs).toBeGreaterThan(Date.now());
  await shown.askShares();
  const { audit } = shown.state();
  expect(audit.kind === 'done' && audit.value.rightCount).toBe(13);
  close();
});

it('checks all of it before anything is shown, where that is wished', async () => {
  const shown = desk(blob.blobId, {}, true);
  const close = shown.open();
  const state = await reached(shown, isOver);
  expect(state.strict.kind).toBe('done');
  expect(await shownBytes(state)).toEqual(blob.bytes);
  close();
});

/** A worker whose answers break off; what it was asked for is not the page's business. */
function brokenGateway(told: { follower?: GatewayFollower }, type = 'video/webm'): Gateway {
  const head = { status: 200, bytes: LENGTH, type };
  return {
    head: async () => head,
    url: (blobId) => `https://app.example/v1/blobs/${blobId}`,
    frameUrl: (blobId) => `https://app.example/v1/blobs/${blobId}?for=1`,
    first: async () => new Blob(),
    follow(_blobId, follower) {
      told.follower = follower;
      return () => undefined;
    },
  };
}

it('reads itself what the worker could not give', async () => {
  const told: { follower?: GatewayFollower } = {};
  const shown = desk(blob.blobId, { gatewayNow: () => brokenGateway(told) });
  const close = shown.open();
  const first = await reached(shown, isOver);
  expect(first.stage).toMatchObject({ kind: 'shown', shown: { way: 'gateway' } });
  told.follower?.onFailed();
  await shown.elementFailed();
  expect(shown.state().stage).toMatchObject({ kind: 'shown', shown: { way: 'memory' } });
  expect(await shownBytes(shown.state())).toEqual(blob.bytes);
  // What comes out of its own memory and still cannot be shown, the browser does not know.
  await shown.elementFailed();
  expect(shown.state().stage).toMatchObject({ shown: { why: 'not-decoded' } });
  close();
});

it('hears that a document breaks off, of which frames say nothing', async () => {
  const told: { follower?: GatewayFollower } = {};
  const gatewayNow = () => brokenGateway(told, 'application/pdf');
  const shown = desk(blob.blobId, { gatewayNow });
  const close = shown.open();
  await reached(shown, isOver);
  told.follower?.onFailed();
  const stopped = { shown: { way: 'gateway', why: 'stopped' } };
  expect(shown.state().stage).toMatchObject(stopped);
  await systemClock.sleep(300);
  expect(shown.state().stage).toMatchObject(stopped); // there is a worker: it is asked again
  const again = shown.open();
  await reached(shown, isOver);
  expect(shown.state().stage).toMatchObject({
    shown: { way: 'gateway', url: expect.stringContaining('?for=1') },
  });
  again();
  close();
});

it.each([false, true])('waits for the worker with a document; checked before: %s', async (is) => {
  const pdf = await world.storeBytes(new TextEncoder().encode('%PDF-1.7 and so on'));
  const gateway = async () => brokenGateway({}, 'application/pdf');
  const shown = desk(pdf.blobId, { gateway }, is);
  const close = shown.open();
  const { stage } = await reached(shown, isOver);
  const head = { bytes: pdf.bytes.length, type: 'application/pdf' };
  expect(stage).toMatchObject({ kind: 'shown', shown: { way: 'gateway', head } });
  close();
});

it('frames no document that has no headers', async () => {
  const shown = await shownWhole(new Blob(['%PDF-1.7']), () => 'blob:1');
  expect(shown).toMatchObject({ way: 'memory', url: 'blob:1', why: 'no-worker' });
  expect(shown.head.type).toBe('application/pdf');
});

it('lets nothing that was begun before change what was begun since', async () => {
  const gates = [deferred<void>(), deferred<void>()];
  let asked: number | undefined;
  const shown = desk(blob.blobId, {
    async engine() {
      if (asked !== undefined) await gates[asked++]?.promise;
      return engine;
    },
  });
  shown.open();
  await reached(shown, ({ life }) => life !== undefined);
  asked = 0;
  const first = shown.askShares();
  asked = undefined;
  const close = shown.open();
  await reached(shown, ({ stage, life }) => stage.kind !== 'looking' && life !== undefined);
  asked = 1;
  const second = shown.askShares();
  gates[0]?.resolve();
  await first;
  expect(shown.state().audit.kind).toBe('working');
  gates[1]?.resolve();
  await second;
  expect(shown.state().audit.kind).toBe('done');
  close();
});

it('gives back what it held for a page that asks again, or leaves', async () => {
  const dropped: string[] = [];
  const shown = desk(blob.blobId, { dropUrl: (url) => dropped.push(url) });
  const urls: (string | undefined)[] = [];
  for (const _ of [1, 2]) {
    shown.open();
    const { stage } = await reached(shown, isOver);
    urls.push(stage.kind === 'shown' ? stage.shown.url : undefined);
    expect(dropped).toEqual(urls.slice(0, -1));
  }
  shown.open()();
  expect(dropped).toEqual(urls);
});

it.each([
  ['video/webm', undefined, 1, true],
  ['video/webm', undefined, 0, false],
  ['video/webm', 'stopped', 1, false],
  ['application/octet-stream', undefined, 1, false],
] as const)(
  'says that %s is shown verified only where it is: %s, %d parts',
  (type, why, count, is) => {
    const part = { origin: 'node', wrongFrom: [], slowNodes: [] } as const;
    const parts = new Map(Array.from({ length: count }, (_, index) => [index, part]));
    const head = { status: 200, bytes: 1, type };
    expect(isOnShow({ head, ...(why && { why }) }, { partCount: 2, parts })).toBe(is);
  },
);

it('says with its code why nothing is shown, and shows it when it is asked again', async () => {
  const fresh = await world.store(LENGTH);
  const all = world.served.network.nodes.map((slot) =>
    slot.setFaults([{ action: { type: 'status', status: 451 } }]),
  );
  await Promise.all(all);
  const shown = desk(fresh.blobId);
  shown.open();
  const { stage } = await reached(shown, isOver);
  expect(stage.kind === 'failed' && isHauloutError(stage.error, 'blob-blocked')).toBe(true);
  await world.healAll();
  const close = shown.open();
  await reached(shown, ({ stage: { kind } }) => kind === 'shown');
  expect(await shownBytes(shown.state())).toEqual(fresh.bytes);
  close();
});

it('tells who said that nobody holds it; what is no ID is not asked for', async () => {
  const missing = desk('vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ');
  const close = missing.open();
  const { stage } = await reached(missing, isOver);
  expect(stage).toMatchObject({ kind: 'missing', status: { status: { kind: 'nonexistent' } } });
  if (stage.kind !== 'missing') throw new Error(stage.kind);
  expect(stage.status?.heardWeight).toBeGreaterThanOrEqual(9);
  expect(stage.status?.heardNodes).toBeGreaterThanOrEqual(3);
  close();
  const from = world.logEnd;
  const malformed = desk('abc');
  malformed.open();
  const { stage: refused } = await reached(malformed, isOver);
  expect(refused.kind === 'failed' && isHauloutError(refused.error, 'blob-id-malformed')).toBe(
    true,
  );
  expect(world.requests(from)).toEqual([]);
});
