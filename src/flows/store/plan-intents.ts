import type { ChainClient, SystemView } from '../../chain/chain-client.ts';
import { contractOf } from '../../chain/contract.ts';
import { holderOf } from '../../chain/holder.ts';
import type { RegisterPlan } from '../../chain/plan.ts';
import { planBatches } from '../../chain/plan-batches.ts';
import type { BlobSummary } from '../../protocol/blob-summary.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { fromHex } from '../../protocol/hex.ts';
import type { Random, WalletAccount } from '../../protocol/ports.ts';
import type { IntentPlan, PlannedBlob, PlannedTip } from '../../store/journal-facts.ts';
import type { RelayOffer } from './ports.ts';
import { digestOf } from './source.ts';
import type { QuotedFile, QuoteOptions, StoreSource } from './types.ts';

/** One file with all that was found out about it. */
export interface PreparedFile {
  readonly source: StoreSource;
  readonly summary: BlobSummary;
  readonly quoted: QuotedFile;
  readonly attributes: PlannedBlob['attributes'];
}

/** An intent whose price is not known yet. */
export type DraftIntent = Omit<
  IntentPlan,
  'jobId' | 'index' | 'count' | 'maxFrost' | 'maxGasMist' | 'maxExchangeMist'
>;

export interface IntentChoice {
  readonly account: WalletAccount;
  readonly chain: ChainClient;
  readonly system: SystemView;
  readonly endEpoch: number;
  /** of a relay that is to be used; see `relayFor` */
  readonly offer: RelayOffer | undefined;
  readonly options: QuoteOptions;
}

const NONCE_BYTES = 32;
/** well below the limits of a transaction */
const MAX_EXTENSIONS = 350;
const MAX_COINS = 200;

/** Stand-ins of the right length, for transactions that are only measured or tried. */
export const SOME_ADDRESS = `0x${'5'.repeat(64)}`;
export const SOME_MARKER = {
  // the base point of the curve
  pagePublicKey:
    fromHex('036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296') ??
    new Uint8Array(33),
  batchId: new Uint8Array(16),
};
const SOME_EXCHANGE = {
  ...{ objectId: SOME_ADDRESS, packageId: SOME_ADDRESS, initialSharedVersion: '1', payMist: 1n },
};

/**
 * Puts blobs that need work into as few transactions as possible. Those that were registered before
 * have nothing to pay: the person's one approval certifies them. Those that end too early are
 * extended, in a transaction of their own.
 */
export async function planIntents(
  random: Random,
  files: readonly PreparedFile[],
  choice: IntentChoice,
  signal: AbortSignal,
): Promise<DraftIntent[]> {
  const { offer, options } = choice;
  const fresh = files.filter(({ quoted }) => quoted.standing === 'new');
  const begun = files.filter(({ quoted }) => quoted.standing === 'registered');
  const isTipped = offer?.tip !== undefined;
  const intents: DraftIntent[] = [];
  // One tip pays for one blob, and is looked for in a transaction of its own.
  const batches = isTipped ? fresh.map((file) => [file]) : await cutBatches(fresh, choice, signal);
  for (const batch of batches) {
    // Two transactions cannot use up the same space.
    const reuse = options.reuse !== 'none' && intents.length === 0;
    const [first] = batch;
    const tip = isTipped && first ? await tipFor(random, first, offer, signal) : undefined;
    const anew = options.reuse === 'none' ? { anew: true } : {};
    intents.push({
      ...intentOf(batch.map(blobOf), choice),
      reuse,
      ...anew,
      ...(tip ? { tip } : {}),
    });
  }
  const early = files.filter(({ quoted }) => quoted.standing === 'extendable').map(blobOf);
  for (let at = 0; at < early.length; at += MAX_EXTENSIONS) {
    // They stay with the person, whose approval does all of it.
    const intent = intentOf(early.slice(at, at + MAX_EXTENSIONS), choice);
    intents.push({ ...intent, approvals: 'two' });
  }
  // Nodes sign, and the contract checks, one kind or the other.
  for (const deletable of [true, false]) {
    const same = begun.filter(({ quoted }) => quoted.isPermanent === !deletable);
    if (same.length === 0) continue;
    const intent = intentOf(same.map(blobOf), choice);
    intents.push({ ...intent, deletable, approvals: 'two', owner: choice.account.address });
  }
  return intents;
}

/** As few transactions as hold all, whatever the holder and its key will be. */
async function cutBatches(
  files: readonly PreparedFile[],
  { chain, account, system, options, endEpoch }: IntentChoice,
  signal: AbortSignal,
): Promise<PreparedFile[][]> {
  if (files.length === 0) return [];
  const coins = await chain.coins(account.address, 'wal', signal);
  const blobs = files.map(blobOf);
  const { deletable } = options;
  const storage = { epochs: endEpoch - system.epoch };
  const planFor = (begin: number, end: number): RegisterPlan => ({
    ...{ kind: 'register', sender: account.address, recipient: SOME_ADDRESS, stipendMist: 1n },
    marker: SOME_MARKER,
    payment: {
      coins: coins.slice(0, MAX_COINS).map(({ ref }) => ref),
      maximumFrost: 1n,
      ...(coins.length === 0 ? { exchange: SOME_EXCHANGE } : {}),
    },
    pools: [],
    blobs: blobs.slice(begin, end).map((blob) => ({ ...blob, deletable, storage })),
  });
  const ranges = await planBatches(files.length, contractOf(chain.network, system), planFor);
  return ranges.map(([begin, end]) => files.slice(begin, end));
}

/** Prompts of the wallet that an intent takes. */
export function approvalsOf({ approvals, blobs }: Pick<IntentPlan, 'approvals' | 'blobs'>): number {
  const isOneStep = blobs.every(({ registered, extended }) => registered ?? extended);
  return approvals === 'one' || isOneStep ? 1 : 2;
}

function intentOf(blobs: readonly PlannedBlob[], choice: IntentChoice): DraftIntent {
  const { account, chain, endEpoch, offer, options } = choice;
  const { deletable, path = 'auto', exchange = false } = options;
  // Some keys cannot share an address with a page.
  const canShare = holderOf(SOME_MARKER.pagePublicKey, account.publicKey) !== undefined;
  const approvals = canShare ? (options.approvals ?? 'one') : 'two';
  const owner = options.owner ?? account.address;
  if (approvals === 'two' && owner !== account.address) {
    const reason = 'with two approvals the blobs are at the address that pays';
    throw new HauloutError('argument-invalid', { name: 'owner', reason });
  }
  return {
    chainId: chain.network.chainId,
    payer: account.address,
    payerKey: account.publicKey,
    owner,
    approvals,
    deletable,
    endEpoch,
    blobs,
    path,
    reuse: false,
    exchange,
    ...(offer ? { relay: offer.relay } : {}),
  };
}

function blobOf({ summary, quoted, attributes }: PreparedFile): PlannedBlob {
  const { blobId, rootHash, unencodedBytes, encodedBytes } = summary;
  const blob = { blobId, rootHash, unencodedBytes, encodedBytes, attributes };
  const { standing, blobObjectId: registered, endsEarly } = quoted;
  if (standing === 'extendable' && endsEarly) {
    const { blobObjectId: objectId, endEpoch } = endsEarly;
    return { ...blob, extended: { objectId, endEpoch } };
  }
  return standing === 'registered' && registered ? { ...blob, registered } : blob;
}

async function tipFor(
  random: Random,
  { source, summary }: PreparedFile,
  { tip }: RelayOffer,
  signal: AbortSignal,
): Promise<PlannedTip | undefined> {
  if (tip === undefined) return undefined;
  return {
    address: tip.address,
    amountMist: tip.mist(summary.encodedBytes),
    nonce: random.bytes(NONCE_BYTES),
    blobDigest: await digestOf(source, signal),
  };
}
