import { afterAll, beforeAll, expect, it } from 'vitest';
import { NodesDesk } from '../../../src/app/nodes/nodes-desk.ts';
import { Engine } from '../../../src/engine/engine.ts';
import { EngineHost } from '../../../src/engine/engine-host.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { ReadWorld } from '../../support/read-world.ts';

const NOBODY = { onJob() {}, onSetAside() {}, onLost() {} };

let world: ReadWorld;
let engine: Engine;

beforeAll(async () => {
  world = await ReadWorld.open([1, 2, 2, 3, 5]);
  const network = world.served.description;
  engine = await Engine.start(new EngineHost(), { network }, NOBODY, (page) => page);
}, 60_000);
afterAll(() => world.close());

it('says nothing more of the network after a look that came to nothing', async () => {
  let isLost = false;
  const open = async () => {
    if (isLost) throw new HauloutError('engine-crashed', { reason: 'test' });
    return engine;
  };
  const desk = new NodesDesk(open, systemClock);
  await desk.look();
  expect(desk.view().last?.nodes).toHaveLength(5);
  isLost = true;
  await desk.look();
  expect(desk.view()).toMatchObject({ isLooking: false, error: { code: 'engine-crashed' } });
  expect(desk.view().last).toBeUndefined();
  isLost = false;
  await desk.look();
  const { last, error, marks } = desk.view();
  expect({ nodes: last?.nodes.length, error }).toEqual({ nodes: 5, error: undefined });
  expect([...marks.values()].map((all) => all.length)).toEqual([2, 2, 2, 2, 2]);
});
