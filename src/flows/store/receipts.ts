import type { Committee } from '../../protocol/committee.ts';
import type { Write } from '../../protocol/ports.ts';
import { type Receipt, writeReceipt } from '../../protocol/receipt.ts';
import type { JournalStores, KeptCommittee } from '../../store/journal-facts.ts';
import type { IntentRun } from './intent-run.ts';
import type { StorePorts } from './ports.ts';

const keyOf = (chainId: string, epoch: number) => `${chainId}/${epoch}`;

/** The write that keeps the committee that signed a certificate: its receipt names the keys. */
export function keepCommittee(
  { chain }: StorePorts,
  { epoch, shardCount, members }: Committee,
): readonly Write<JournalStores>[] {
  const value: KeptCommittee = {
    shardCount,
    members: members.map(({ nodeId, publicKey, weight }) => ({ nodeId, publicKey, weight })),
  };
  return [{ store: 'committees', key: keyOf(chain.network.chainId, epoch), value }];
}

/**
 * The receipt of a blob that an intent has certified.
 *
 * @returns undefined if it was not, or it is not known by which transaction, or the committee was
 *   not kept
 */
export async function receiptOf(run: IntentRun, blob: number): Promise<string | undefined> {
  const { plan, registered, objects, certificates, certified } = run.state;
  const planned = plan.blobs[blob];
  const object = objects.get(blob);
  const uploaded = certificates.get(blob);
  const end = certified.get(blob);
  if (!planned || !object || !uploaded || !end?.digest) return undefined;
  const { epoch, signers, signature } = uploaded.certificate;
  const row = await run.ports.store.get('committees', keyOf(plan.chainId, epoch));
  if (row === undefined) return undefined;
  const committee: Committee = { epoch, ...row.value };
  const { blobId, rootHash, unencodedBytes } = planned;
  const { objectId: blobObjectId, endEpoch } = object;
  const receipt: Receipt = {
    ...{ chainId: plan.chainId, blobId, rootHash, unencodedBytes, blobObjectId },
    ...{ deletable: plan.deletable, endEpoch, owner: plan.owner },
    ...{ registerDigest: registered?.digest ?? '', certifyDigest: end.digest },
    ...{ committee, signers, signature },
  };
  return writeReceipt(receipt);
}
