import { describe, expect, it } from 'vitest';
import { assignShards, makeIdentities, PROFILES } from '../../../../src/devnet/committee.ts';
import { RequestLog } from '../../../../src/devnet/request-log.ts';
import { fraction, seededRandom } from '../../../../src/devnet/seeded-random.ts';
import { publicKeyOf } from '../../../../src/protocol/certificate.ts';
import { encodedBlob, NodeCalls, register } from '../../../support/devnet/node-calls.ts';
import { startFleet } from '../../../support/devnet/test-fleet.ts';

describe('profiles', () => {
  it('have shard counts for which all quorums agree', () => {
    const sums = Object.entries(PROFILES).map(([name, weights]) => [
      name,
      weights.length,
      weights.reduce<number>((sum, weight) => sum + weight, 0),
    ]);
    expect(sums).toEqual([
      ['tiny', 5, 13],
      ['wide', 13, 13],
      ['skewed', 5, 13],
      ['real', 100, 1_000],
      ['handful-real', 10, 1_000],
    ]);
  });
});

describe('identities', () => {
  it('belong to the seed and are sorted by node ID', () => {
    const a = makeIdentities('a', 6);
    expect(makeIdentities('a', 6)).toEqual(a);
    expect(makeIdentities('b', 6)[0]?.nodeId).not.toBe(a[0]?.nodeId);
    const ids = a.map(({ nodeId }) => nodeId);
    expect([...ids].sort()).toEqual(ids);
    expect(ids.every((id) => /^0x[0-9a-f]{64}$/.test(id))).toBe(true);
    expect(a.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    const keys = publicKeyOf(a[2]?.secretKey as Uint8Array);
    expect([keys.compressed, keys.uncompressed]).toEqual([a[2]?.publicKey, a[2]?.publicKey96]);
  });

  it('stay when others are added', () => {
    const few = makeIdentities('a', 3).map(({ nodeId }) => nodeId);
    const many = makeIdentities('a', 6).map(({ nodeId }) => nodeId);
    expect(many).toEqual(expect.arrayContaining(few));
  });
});

describe('shards', () => {
  it('are dealt in order, or as it falls, each once', () => {
    expect(assignShards([3, 1, 2])).toEqual([[0, 1, 2], [3], [4, 5]]);
    const shuffled = assignShards(PROFILES.tiny, seededRandom('a', 'shards'));
    expect(shuffled.map(({ length }) => length)).toEqual([...PROFILES.tiny]);
    expect(shuffled.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(shuffled).not.toEqual(assignShards(PROFILES.tiny));
    expect(assignShards(PROFILES.tiny, seededRandom('a', 'shards'))).toEqual(shuffled);
  });
});

describe('chance', () => {
  it('is the same for a seed and a name, and even', () => {
    const draw = (seed: string, name: string) => {
      const random = seededRandom(seed, name);
      return Array.from({ length: 2_000 }, () => random.below(10));
    };
    expect(draw('a', 'x')).toEqual(draw('a', 'x'));
    expect(draw('a', 'y')).not.toEqual(draw('a', 'x'));
    const counts = new Array<number>(10).fill(0);
    for (const value of draw('s', 'n')) counts[value] = (counts[value] ?? 0) + 1;
    expect(Math.min(...counts)).toBeGreaterThan(130);
    expect(Math.max(...counts)).toBeLessThan(270);
    const one = fraction(seededRandom('a', 'f'));
    expect(one >= 0 && one < 1).toBe(true);
  });
});

describe('the request log', () => {
  it('has an entry for each exchange, and the highest concurrency', async () => {
    const { fleet } = await startFleet();
    const blob = await encodedBlob(3_000);
    await register(fleet, blob);
    const [node, other] = [new NodeCalls(fleet), new NodeCalls(fleet, 1)];
    const begin = fleet.log.next;
    await node.putMetadata(blob);
    await Promise.all(node.pairs(blob).map((pair) => node.putSliver(blob, 'primary', pair)));
    await other.get('/v1/health?detailed=true');
    await fleet.slot(1).kill();
    await other.get('/v1/health').catch(() => undefined);
    const entries = fleet.log.since(begin);
    expect(entries.map(({ method, status, node: index }) => [method, status, index])).toEqual([
      ['PUT', 201, 0],
      ['PUT', 201, 0],
      ['PUT', 201, 0],
      ['PUT', 201, 0],
      ['GET', 200, 1],
      ['GET', 0, 1],
    ]);
    expect(entries[0]).toMatchObject({
      path: `/v1/blobs/${blob.blobId}/metadata`,
      bytesIn: blob.metadata.length,
      fault: null,
      peer: false,
    });
    expect(entries[0]?.bytesOut).toBeGreaterThan(20);
    expect(entries[4]?.path).toBe('/v1/health?detailed=true');
    expect(fleet.log.maxInFlight).toMatchObject({ all: 3, nodes: { 0: 3, 1: 1 } });
    fleet.log.clear();
    expect(fleet.log.maxInFlight.all).toBe(0);
    expect(fleet.log.since()).toEqual([]);
  });

  it('keeps a bounded number of entries', () => {
    const log = new RequestLog();
    const entry = { t: 0, method: 'GET', path: '/', status: 200, bytesIn: 0, bytesOut: 0, ms: 0 };
    for (let i = 0; i < 230_000; i++) log.begin(0)({ ...entry, fault: null, peer: false });
    expect(log.since().length).toBeLessThanOrEqual(110_000);
    expect(log.since().at(-1)?.sequence).toBe(229_999);
  });
});
