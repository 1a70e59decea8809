import { describe, expect, it } from 'vitest';
import { FAULT_TYPES, parseRules } from '../../../../src/devnet/faults/rules.ts';
import { seededRandom } from '../../../../src/devnet/seeded-random.ts';
import { ServiceFaults } from '../../../../src/devnet/service/service-faults.ts';
import { expectLink, faultCase } from '../../../support/devnet/fault-case.ts';

const on = faultCase();
const { blob, other, set, sliver, metadata, lastFault } = on;

describe('rules', () => {
  const statuses = async (count: number) => {
    const list: number[] = [];
    for (let i = 0; i < count; i++) list.push((await sliver()).status);
    return list;
  };

  it('strike after some, so many times', async () => {
    await set({ type: 'status', status: 500 }, { afterN: 2, times: 2 });
    expect(await statuses(6)).toEqual([200, 200, 500, 500, 200, 200]);
    expect(on.fleet.slot(0).engine.hits).toEqual([2]);
  });

  it('strike by method, route, axis, pair and blob; the first that fits wins', async () => {
    await on.fleet.setFaults(0, [
      { match: { method: 'PUT' }, action: { type: 'status', status: 501 } },
      { match: { route: 'metadata' }, action: { type: 'status', status: 502 } },
      { match: { blobId: other.blobId }, action: { type: 'status', status: 503 } },
      { match: { axis: 'secondary' }, action: { type: 'status', status: 504 } },
      { match: { pairs: [on.pair] }, action: { type: 'status', status: 505 } },
      { action: { type: 'status', status: 506 } },
    ]);
    expect((await on.node.putMetadata(blob)).status).toBe(501);
    expect((await metadata()).status).toBe(502);
    expect((await on.node.getSliver(other, 'primary', on.pair)).status).toBe(503);
    expect((await on.node.getSliver(blob, 'secondary', on.pair)).status).toBe(504);
    expect((await sliver()).status).toBe(505);
    expect((await on.node.get('/v1/health')).status).toBe(506);
    expect((await on.node.get('/nowhere')).status).toBe(506);
    expect((await on.node.send('OPTIONS', '/v1/health')).status).toBe(200);
  });

  it('strike by chance, the same under the same seed', async () => {
    const run = async (seed: string) => {
      await on.open(seed);
      await set({ type: 'status', status: 500 }, { probability: 0.4 });
      return statuses(40);
    };
    const [first, again, another] = [await run('a'), await run('a'), await run('b')];
    expect(again).toEqual(first);
    expect(another).not.toEqual(first);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(6);
    expect(struck).toBeLessThan(30);
  });

  it('close the port only if they are about everything, for good', async () => {
    const { engine } = on.fleet.slot(0);
    for (const match of [{ times: 1 }, { afterN: 1 }, { probability: 0.5 }, { method: 'GET' }]) {
      await set({ type: 'refuse' }, match);
      expect(engine.standing('refuse'), JSON.stringify(match)).toBeUndefined();
    }
    await set({ type: 'refuse' }, { times: 1 });
    await expectLink(sliver(), 'refused');
    expect((await sliver()).status).toBe(200);
    await set({ type: 'refuse' });
    expect(engine.standing('refuse')).toBeDefined();
    const services = new ServiceFaults(seededRandom('a', 'b'));
    services.setRules([{ match: { path: '/v1/x' }, action: { type: 'refuse' } }]);
    expect(services.refuses).toBe(false);
    expect(services.pick('GET', '/v1/x')).toEqual({ type: 'refuse' });
    services.setRules([{ action: { type: 'refuse' } }]);
    expect(services.refuses).toBe(true);
  });

  it('are noted in the log', async () => {
    await set({ type: 'html' });
    await sliver();
    expect(lastFault()).toBe('html');
    await on.fleet.setFaults(0, []);
    await sliver();
    expect(lastFault()).toBeNull();
  });

  it('are read strictly from JSON', () => {
    const all = FAULT_TYPES.map((type) => {
      const needs: Record<string, object> = {
        status: { status: 500 },
        lieStatus: { answer: 'stored' },
        lag: { ms: 5 },
        hold: { name: 'x' },
      };
      return { match: { method: 'GET', pairs: [1] }, action: { type, ...needs[type] } };
    });
    expect(parseRules(JSON.parse(JSON.stringify(all)))).toHaveLength(FAULT_TYPES.length);
    const wrong: [unknown, RegExp][] = [
      [{}, /a list/],
      [[1], /rule 0: an object/],
      [[{ action: { type: 'explode' } }], /"explode" is none of refuse/],
      [[{ action: { type: 'status' } }], /status is missing/],
      [[{ action: { type: 'status', status: 99 } }], /status cannot be 99/],
      [[{ action: { type: 'status', status: 304 } }], /status cannot be 304/],
      [[{ action: { type: 'delay', seconds: 1 } }], /unknown setting seconds/],
      [[{ action: { type: 'html' }, match: { probability: 2 } }], /probability cannot be 2/],
      [[{ action: { type: 'html' }, match: { route: 'x' } }], /route cannot be "x"/],
      [[{ action: { type: 'html' }, when: 1 }], /unknown part when/],
      [[{ action: { type: 'constructor' } }], /is none of/],
    ];
    for (const [rules, message] of wrong) expect(() => parseRules(rules)).toThrow(message);
  });
});
