import { describe, expect, it } from 'vitest';
import type { LeavingNode } from '../../../../src/chain/chain-client.ts';
import { readCommittees } from '../../../../src/flows/read/read-committees.ts';
import type { StorageCommittee } from '../../../../src/protocol/committee.ts';
import { handClock } from '../../../support/devnet/local-sui.ts';

const member = (name: string, networkAddress: string, shards = [0]) => ({
  ...{ nodeId: name, networkAddress, shards, weight: shards.length },
  publicKey: new Uint8Array(96),
});

/** A chain that says what the test lets it say. */
function world() {
  const clock = handClock();
  const chain = {
    members: [member('a', 'a.test:1')],
    leaving: async (): Promise<readonly LeavingNode[]> => [],
  };
  const current = async (): Promise<StorageCommittee> => ({
    ...{ epoch: 1, shardCount: 1, members: chain.members },
  });
  const source = readCommittees({ clock, leavingNodes: () => chain.leaving() }, current);
  /** What is given after somebody found the last one wrong. */
  const again = async (stale: Awaited<ReturnType<typeof source>>) => {
    clock.advance(10_000);
    return source(stale);
  };
  return { chain, source, again };
}

describe('the committee that is read from', () => {
  it('is the same as long as the chain says the same', async () => {
    const { source, again } = world();
    const first = await source();
    expect(await again(first)).toBe(first);
  });

  it('goes on without those who leave where they cannot be found out', async () => {
    const { chain, source, again } = world();
    chain.leaving = () => Promise.reject(new Error('the chain does not answer'));
    const first = await source();
    expect(first).toMatchObject({ current: { epoch: 1 }, leaving: [] });
    const leaver = member('b', 'b.test:1', [3]);
    chain.leaving = async () => [leaver];
    const second = await again(first);
    expect(second.leaving).toEqual([leaver]);
    chain.leaving = () => Promise.reject(new Error('the chain does not answer'));
    expect(await again(second)).toBe(second);
  });

  it('is another one where a node moves to another address', async () => {
    const { chain, source, again } = world();
    const first = await source();
    chain.members = [member('a', 'elsewhere.test:1')];
    const second = await again(first);
    expect(second.current.members[0]?.networkAddress).toBe('elsewhere.test:1');
  });
});
