import type { ChainClient } from '../../chain/chain-client.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { toHex } from '../../protocol/hex.ts';
import {
  PROVEN_FIELDS,
  type Receipt,
  readReceipt,
  verifyReceiptOffline,
} from '../../protocol/receipt.ts';

/** What one question to the chain gave. `unknown`: the full node does not know, or no longer. */
export interface ChainCheck {
  readonly field: string;
  readonly verdict: 'holds' | 'differs' | 'unknown';
}

/** What a receipt shows by itself. */
export interface OfflineReport {
  readonly receipt: Receipt;
  readonly offline: {
    /** signed for by a quorum of the committee that the receipt names */
    readonly proven: readonly string[];
    /** everything else in it */
    readonly claimed: readonly string[];
  };
}

/** The part that needs nobody, and the part that believes a full node, told apart. */
export interface ReceiptReport extends OfflineReport {
  readonly onChain:
    | { readonly status: 'answered'; readonly checks: readonly ChainCheck[] }
    | { readonly status: 'unavailable'; readonly error: HauloutError };
}

const CLAIMED = [
  ...['chainId', 'blobObjectId', 'endEpoch', 'owner', 'registerDigest', 'certifyDigest'],
  'committee.members',
];

/**
 * Verifies a receipt without anybody's help.
 *
 * @throws HauloutError 'receipt-altered' with the field that does not hold
 */
export function checkReceipt(json: string): OfflineReport {
  const receipt = readReceipt(json);
  verifyReceiptOffline(receipt);
  // A deletable blob's confirmation names the object.
  const proven = receipt.deletable ? [...PROVEN_FIELDS, 'blobObjectId'] : [...PROVEN_FIELDS];
  const claimed = CLAIMED.filter((field) => !proven.includes(field));
  return { receipt, offline: { proven, claimed } };
}

/**
 * Verifies a receipt, first without anybody's help, then against the chain.
 *
 * @throws HauloutError 'receipt-altered' with the field, if it does not hold by itself
 */
export async function verifyReceipt(
  chain: ChainClient,
  json: string,
  signal: AbortSignal,
): Promise<ReceiptReport> {
  const report = checkReceipt(json);
  const onChain = await askChain(chain, report.receipt, signal).then(
    (checks) => ({ status: 'answered', checks }) as const,
    (error: unknown) => {
      if (!(error instanceof HauloutError) || error.code === 'aborted') throw error;
      return { status: 'unavailable', error } as const;
    },
  );
  return { ...report, onChain };
}

async function askChain(
  chain: ChainClient,
  receipt: Receipt,
  signal: AbortSignal,
): Promise<ChainCheck[]> {
  const checks: ChainCheck[] = [];
  const note = (field: string, holds: boolean | undefined) =>
    checks.push({ field, verdict: holds === undefined ? 'unknown' : holds ? 'holds' : 'differs' });
  note('chainId', chain.network.chainId === receipt.chainId);
  if (chain.network.chainId !== receipt.chainId) return checks;

  const { committee } = await chain.system({ fresh: true, signal });
  const isNow = committee.epoch === receipt.committee.epoch;
  note('committee.members', isNow ? sameKeys(committee, receipt.committee) : undefined);

  const certify = await chain.transaction(receipt.certifyDigest, signal);
  const wrote = certify?.written.some(({ ref }) => ref.objectId === receipt.blobObjectId);
  const isCertified = certify?.success === true && wrote === true;
  note('certifyDigest', certify ? isCertified : undefined);
  const register = receipt.registerDigest
    ? await chain.transaction(receipt.registerDigest, signal)
    : undefined;
  const bought = register?.registered.find(({ ref }) => ref.objectId === receipt.blobObjectId);
  const isBought = register?.success === true && bought?.blobId === receipt.blobId;
  note('registerDigest', register ? isBought : undefined);

  const blob = await chain.blob(receipt.blobObjectId, signal);
  note('blobObjectId', blob && blob.blobId === receipt.blobId && blob.certifiedEpoch !== undefined);
  note('deletable', blob && blob.deletable === receipt.deletable);
  // It may have been extended or given away since; it cannot have become shorter.
  note('endEpoch', blob && blob.endEpoch >= receipt.endEpoch);
  note('owner', blob && (blob.owner === receipt.owner || undefined));
  return checks;
}

function sameKeys(a: Receipt['committee'], b: Receipt['committee']): boolean {
  if (a.shardCount !== b.shardCount || a.members.length !== b.members.length) return false;
  return a.members.every(({ nodeId, publicKey, weight }, at) => {
    const other = b.members[at];
    return (
      other !== undefined &&
      other.nodeId === nodeId &&
      other.weight === weight &&
      toHex(other.publicKey) === toHex(publicKey)
    );
  });
}
