import { beforeEach, expect } from 'vitest';
import { LinkError } from '../../../src/devnet/faults/link-error.ts';
import type { FaultAction } from '../../../src/devnet/faults/rules.ts';
import { encodedBlob, NodeCalls, register, sliverOf } from './node-calls.ts';
import { startFleet } from './test-fleet.ts';

const blob = await encodedBlob(3_000);
const other = await encodedBlob(2_500, 2);

async function openCase(seed = 'test') {
  const { fleet } = await startFleet({ seed });
  const node = new NodeCalls(fleet);
  const pair = node.pairs(blob)[0] as number;
  for (const each of [blob, other]) {
    await register(fleet, each);
    await node.upload(each);
  }
  return { fleet, node, pair };
}

/** A new fleet for each test, whose first node has two blobs, and what tests of its faults do with it. */
export function faultCase() {
  let now: Awaited<ReturnType<typeof openCase>>;
  const open = async (seed?: string) => {
    now = await openCase(seed);
  };
  beforeEach(() => open());
  return {
    ...{ open, blob, other },
    get fleet() {
      return now.fleet;
    },
    get node() {
      return now.node;
    },
    get pair() {
      return now.pair;
    },
    set: (action: FaultAction, match = {}) => now.fleet.setFaults(0, [{ match, action }]),
    sliver: () => now.node.getSliver(blob, 'primary', now.pair),
    metadata: () => now.node.get(`/v1/blobs/${blob.blobId}/metadata`),
    good: () => sliverOf(blob, 'primary', now.pair),
    lastFault: () => now.fleet.log.since().at(-1)?.fault,
  };
}

export const bodyOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

export async function expectLink(work: Promise<unknown>, end: string): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LinkError);
  expect((error as LinkError).end).toBe(end);
}
