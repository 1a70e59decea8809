import { expect, it } from 'vitest';
import { encodedBlob, NodeCalls, register, sliverOf } from '../support/devnet/node-calls.ts';
import { settled, startFleet } from '../support/devnet/test-fleet.ts';
import { SEED, SOAK } from '../support/seed.ts';
import { mutate } from './mutate.ts';
import { Xorshift } from './random.ts';

const RUNS = SOAK ? 200_000 : 4_000;
const METHODS = ['GET', 'PUT', 'POST', 'HEAD', 'DELETE', 'OPTIONS', 'PATCH'];
const ALLOWED = new Set([200, 201, 202, 400, 404, 405, 413, 451]);

it('a node answers any request as it should, and keeps what it has', async () => {
  const { fleet } = await startFleet();
  const node = new NodeCalls(fleet);
  const [stored, open, unknown] = [
    await encodedBlob(2_000),
    await encodedBlob(900, 2),
    await encodedBlob(700, 3),
  ];
  await register(fleet, stored);
  await node.upload(stored);
  await register(fleet, open);
  const before = fleet.slot(0).node?.core.store.usage;
  const random = new Xorshift(SEED);
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const ids = [stored, open, unknown].map(({ blobId }) => blobId);
  const pairs = () =>
    pick(['0', '1', '5', '12', '13', '65535', '65536', '-1', '1e1', '', '00', '%31', '5%2f']);
  const axes = () =>
    pick(['primary', 'secondary', 'primary', 'secondary', 'tertiary', 'PRIMARY', '']);
  const queries = [
    'pending=true',
    'pending=false',
    'pending',
    'wait_for_registration=true&wait_millis=1',
  ];
  const filters = [
    'id=0-0',
    'id=5-12&id=1-1',
    'targetSliver=1&targetType=primary',
    'targetSlivers=0',
    'proofAxis=secondary',
  ];
  const more = [
    'targetType=secondary',
    'detailed=true',
    'x=1',
    'id=%00',
    'id=99999-1',
    '%',
    '&&=',
    'targetSliver=',
  ];
  const path = () => {
    const id = pick([
      ...ids,
      ...ids,
      '..',
      '%2e%2e',
      `${ids[0]}A`,
      'x',
      '%',
      '%ff',
      'a'.repeat(5_000),
    ]);
    const rest = pick([
      ...[
        'metadata',
        'metadata/status',
        'status',
        'recoverySymbols',
        'decodingSymbols',
        'confirmation/permanent',
      ],
      `slivers/${pairs()}/${axes()}`,
      `slivers/${pairs()}/${axes()}/status`,
      `confirmation/deletable/0x${'ab'.repeat(random.below(34))}`,
      `inconsistencyProof/${axes()}`,
      ...['', '//', 'slivers', '../..', 'slivers/0'],
    ]);
    const query = Array.from({ length: random.below(4) }, () =>
      pick([...queries, ...filters, ...more]),
    );
    const base =
      random.below(12) === 0
        ? pick(['/v1/health', '/v1/api', '/', '/v1/blobs/'])
        : `/v1/blobs/${id}/${rest}`;
    return query.length > 0 ? `${base}?${query.join('&')}` : base;
  };
  const seeds = [
    ...[stored, open, unknown].map(({ metadata }) => metadata),
    ...[0, 5, 12].flatMap((pair) => [
      sliverOf(stored, 'primary', pair),
      sliverOf(open, 'secondary', pair),
    ]),
    new Uint8Array([1, 0, 1, 0, 0, 2, 9, 9, 0]),
  ];
  const body = () =>
    random.below(3) === 0 ? pick(seeds) : mutate(pick(seeds), pick(seeds), random);
  const types = [
    'application/octet-stream',
    'application/octet-stream',
    'text/plain',
    'application/json',
  ];

  /** A request that is right, or nearly so. */
  const nearlyRight = () => {
    const blob = pick([stored, open, unknown]);
    const base = `/v1/blobs/${blob.blobId}`;
    const query = pick(['', '', '?pending=true']);
    const changed = (bytes: Uint8Array) =>
      random.below(3) > 0 ? bytes : mutate(bytes, pick(seeds), random);
    if (random.below(3) === 0) {
      return { method: 'PUT', target: `${base}/metadata${query}`, sent: changed(blob.metadata) };
    }
    const axis = pick(['primary', 'secondary'] as const);
    const pair = random.below(13);
    const sent = changed(sliverOf(blob, axis, pair));
    return { method: 'PUT', target: `${base}/slivers/${pair}/${axis}${query}`, sent };
  };
  const anything = () => {
    const method = random.below(8) > 0 ? pick(['GET', 'PUT']) : pick(METHODS);
    const sent = method === 'PUT' || method === 'POST' ? body() : undefined;
    return { method, target: path(), sent };
  };

  const seen = new Set<number>();
  for (let run = 0; run < RUNS; run++) {
    const { method, target, sent } = random.below(2) === 0 ? nearlyRight() : anything();
    const what = `${method} ${target.slice(0, 200)} (seed ${SEED}, run ${run})`;
    const begin = performance.now();
    const response = await node.send(method, target, sent, { 'content-type': pick(types) });
    seen.add(response.status);
    expect(ALLOWED.has(response.status), `${response.status} to ${what}`).toBe(true);
    expect(response.headers.get('content-length'), what).toMatch(/^\d+$/);
    expect(response.headers.get('access-control-allow-origin'), what).toBe('*');
    const bytes = (await response.arrayBuffer()).byteLength;
    if (method !== 'HEAD') expect(response.headers.get('content-length'), what).toBe(String(bytes));
    expect(performance.now() - begin, what).toBeLessThan(5_000);
  }

  expect([200, 201, 202, 400, 404, 405].filter((status) => !seen.has(status))).toEqual([]);

  // What it had is what it has; what it took since is good, or it would not confirm later.
  await settled(fleet);
  const { store, pending } = fleet.slot(0).node?.core ?? {};
  expect(store?.usage.slivers).toBeGreaterThan(before?.slivers ?? Number.NaN);
  expect(pending?.usage.slivers).toBeGreaterThan(0);
  expect(pending?.usage.bytes).toBeLessThan(1 << 20);
  for (const pair of node.pairs(stored)) {
    const got = new Uint8Array(await (await node.getSliver(stored, 'primary', pair)).arrayBuffer());
    expect(Buffer.compare(got, sliverOf(stored, 'primary', pair))).toBe(0);
  }
  for (const blob of [open, unknown]) {
    for (const axis of ['primary', 'secondary'] as const) {
      for (const pair of store?.pairs(blob.blobId, axis) ?? []) {
        const kept = await store?.sliver(blob.blobId, axis, pair);
        expect(Buffer.compare(kept ?? new Uint8Array(), sliverOf(blob, axis, pair))).toBe(0);
      }
    }
  }
  expect((await node.get('/v1/health')).status).toBe(200);
}, 600_000);
