import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { openBlob } from '../../../../src/transfer/read/open-blob.ts';
import { type ReadCommittee, ReadTally } from '../../../../src/transfer/read/read-types.ts';
import { type LabBlob, ReadLab } from '../../../support/read-lab.ts';

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  blob = await lab.store(20_001);
}, 60_000);
afterAll(() => lab.close());

/** Opens a blob as a page does whose committee is of nodes that have nothing any more. */
function openFromOld(chain: () => Promise<ReadCommittee>) {
  const { current } = lab.committee;
  const gone = current.members.map((member, i) => ({
    ...member,
    networkAddress: `gone${i}.test:1`,
  }));
  const old: ReadCommittee = { current: { ...current, members: gone }, leaving: [] };
  const doors = lab.doors(({ url }) =>
    // What a node says that does not know it, in its own words.
    url.includes('gone')
      ? lab.world.network.toNode(
          new Request(`http://${lab.host(0)}/v1/blobs/${'A'.repeat(43)}/metadata`),
        )
      : undefined,
  );
  const committees = async (stale?: ReadCommittee) => (stale === old ? chain() : (stale ?? old));
  const { signal } = new AbortController();
  const opening = openBlob({ ...doors, committees }, blob.blobId, new ReadTally(), signal);
  return lab.clock.drive(opening);
}

describe('a blob that nodes of a quorum deny', () => {
  it('is asked for once more where others have taken over from them', async () => {
    const opened = await openFromOld(async () => lab.committee);
    expect(opened.blobId).toBe(blob.blobId);
  });

  it('is not said to be unknown where nobody can tell who took over', async () => {
    const failing = () => Promise.reject(new Error('the chain does not answer'));
    await expect(openFromOld(failing)).rejects.toThrow('the chain does not answer');
  });
});
