import { normalAddress } from '../../chain/address.ts';
import type { OwnedBlob, SystemView } from '../../chain/chain-client.ts';
import type { BlobSummary } from '../../protocol/blob-summary.ts';
import { HauloutError } from '../../protocol/errors.ts';
import type { WalletAccount } from '../../protocol/ports.ts';
import { findStanding, type Standing } from './find-standing.ts';
import { inLanes } from './lanes.ts';
import { endEpochFor, endsMs } from './periods.ts';
import { approvalsOf, type PreparedFile, planIntents } from './plan-intents.ts';
import type { RelayOffer, StorePorts } from './ports.ts';
import { addCosts, estimateCost, type PricedIntent, priceIntent } from './quote-cost.ts';
import { pathWith, relayFor } from './relay-use.ts';
import { nameOf } from './source.ts';
import type { Attributes, Quote, QuoteOptions, StoreSource } from './types.ts';
import { type Unfinished, unfinishedBlobs } from './unfinished.ts';

/** What a quote is the price of; kept beside it, since sources are no plain data. */
export interface Draft {
  readonly quote: Quote;
  readonly intents: readonly PricedIntent[];
  readonly files: readonly PreparedFile[];
  readonly shardCount: number;
}

const ENCODINGS_AT_ONCE = 4;
const QUESTIONS_AT_ONCE = 8;

interface Asked {
  readonly system: SystemView;
  readonly endEpoch: number;
  readonly account: WalletAccount | undefined;
  readonly options: QuoteOptions;
  readonly signal: AbortSignal;
}

/**
 * Finds out what storing files costs and what need not be paid. Without a wallet fees are
 * estimates, and own blobs and own space are not seen.
 *
 * @throws HauloutError 'argument-invalid', 'chain-unavailable', 'relay-unavailable', 'aborted', and
 *   those of encoding
 */
export async function draftQuote(
  ports: StorePorts,
  sources: readonly StoreSource[],
  given: QuoteOptions,
): Promise<Draft> {
  if (sources.length === 0) throw invalid('files', 'none given');
  const options = { ...given, ...ownerIn(given) };
  const signal = options.signal ?? new AbortController().signal;
  const { chain } = ports;
  const system = await chain.system({ fresh: true, signal });
  const endEpoch = endEpochFor(system, options);
  const account = ports.wallet()?.account();
  const asked = { system, endEpoch, account, options, signal };

  options.onState?.('encoding');
  const summaries = await encodeAll(ports, sources, asked);
  options.onState?.('quoting');
  const files = await standAll(ports, sources, summaries, asked);

  const relay = options.path === 'direct' ? undefined : await ports.relay(signal);
  const offer = relayFor(relay, files, options, system.shardCount);
  if (options.path === 'relay' && !offer) throw new HauloutError('relay-unavailable', {});
  const intents = account
    ? await planIntents(
        ports.random,
        files,
        { account, chain, system, endEpoch, offer, options },
        signal,
      )
    : [];
  const priced = await inLanes(1, intents, (intent) => priceIntent(ports, intent, system, signal));
  const unpriced = account ? [] : files.filter(({ quoted }) => quoted.standing === 'new');
  const cost = addCosts([
    ...priced.map((each) => each.cost),
    estimateCost(
      unpriced.map(({ summary }) => summary),
      system,
      endEpoch,
    ),
  ]);
  const owner = options.owner ?? account?.address;
  const unkept = await shortageOf(ports, files, offer, { options, system });
  const errors = priced.flatMap(({ error }) => error ?? []);
  const quote: Quote = {
    files: files.map(({ quoted }) => quoted),
    cost,
    endEpoch,
    endsMs: endsMs(system, endEpoch),
    deletable: options.deletable,
    approvals: intents.reduce((sum, intent) => sum + approvalsOf(intent), 0),
    ...(account ? { payer: account.address } : {}),
    ...(owner ? { owner } : {}),
    conditions: account ? errors : [new HauloutError('wallet-missing', {})],
    ...(unkept ? { unkept } : {}),
  };
  return { quote, intents: priced, files, shardCount: system.shardCount };
}

/** What is missing to keep the slivers of what nodes are sent; a relay needs none. */
async function shortageOf(
  { pieces }: StorePorts,
  files: readonly PreparedFile[],
  offer: RelayOffer | undefined,
  { options, system: { shardCount } }: Pick<Asked, 'options' | 'system'>,
): Promise<Quote['unkept']> {
  const blobs = files.flatMap(({ quoted: { standing }, summary }) => {
    const { blobId, unencodedBytes } = summary;
    const isSent = standing === 'new' || standing === 'registered';
    const path = offer ? pathWith(offer, summary, options, shardCount) : 'direct';
    return isSent && path === 'direct' ? [{ blobId, shardCount, unencodedBytes }] : [];
  });
  return pieces.shortage(blobs).catch(() => undefined); // then they are not kept, without a word
}

function encodeAll(
  ports: StorePorts,
  sources: readonly StoreSource[],
  { system, options, signal }: Asked,
): Promise<BlobSummary[]> {
  const { shardCount } = system;
  return inLanes(ENCODINGS_AT_ONCE, sources, (source, at) =>
    ports.pieces.prepare(source, {
      shardCount,
      signal,
      onProgress: (progress) => options.onProgress?.(at, progress),
    }),
  );
}

/** What is to be done for each file. Equal blobs with equal attributes are one. */
async function standAll(
  ports: StorePorts,
  sources: readonly StoreSource[],
  summaries: readonly BlobSummary[],
  asked: Asked,
): Promise<PreparedFile[]> {
  const { account, options, signal } = asked;
  const owned = await ownedBlobs(ports, account, options, signal);
  const blobIds = new Set(summaries.map(({ blobId }) => blobId));
  const begun = options.reuse === 'none' ? [] : await unfinishedBlobs(ports, blobIds, signal);
  const seen = new Map<string, Standing>();
  const files = summaries.map((summary, at) => {
    const attributes = attributesAt(options.attributes, at, sources.length);
    return { source: sources[at] as StoreSource, summary, attributes };
  });
  const firsts = files.filter(({ summary }, at) => {
    return summaries.findIndex(({ blobId }) => blobId === summary.blobId) === at;
  });
  await inLanes(QUESTIONS_AT_ONCE, firsts, async ({ summary: { blobId }, attributes }) => {
    const standing = await standingOf(ports, blobId, attributes.length > 0, owned, asked);
    const other =
      standing.standing === 'new' || standing.standing === 'extendable'
        ? begun.find((one) => one.blob.blobId === blobId && isAsGood(one, attributes, asked))
        : undefined;
    seen.set(blobId, other ? standsIn(other) : standing);
  });
  return files.map((file) => {
    const { blobId, unencodedBytes: bytes, encodedBytes } = file.summary;
    const first = seen.get(blobId) as Standing;
    const isFirst = firsts.includes(file);
    const isWork = ['new', 'registered', 'extendable'].includes(first.standing);
    const standing = isFirst || !isWork ? first.standing : 'duplicate';
    const quoted = { ...nameOf(file.source), bytes, encodedBytes, blobId, ...first, standing };
    return { ...file, quoted };
  });
}

async function standingOf(
  ports: StorePorts,
  blobId: string,
  hasAttributes: boolean,
  owned: ReadonlyMap<string, readonly OwnedBlob[]>,
  { system, endEpoch, options, signal }: Asked,
): Promise<Standing> {
  const reuse = hasAttributes ? 'none' : (options.reuse ?? 'any');
  const elsewhere = reuse === 'any' ? await ports.status(blobId, signal) : undefined;
  const known = { owned: owned.get(blobId) ?? [], elsewhere };
  return findStanding(known, system, endEpoch, { deletable: options.deletable, reuse });
}

/** Whether an upload that was begun gives what is asked for. */
function isAsGood(
  { plan, blob }: Unfinished,
  attributes: PreparedFile['attributes'],
  { account, endEpoch, options }: Asked,
): boolean {
  return (
    plan.payer === account?.address &&
    plan.owner === (options.owner ?? account.address) &&
    plan.endEpoch >= endEpoch &&
    (options.deletable || !plan.deletable) &&
    JSON.stringify(blob.attributes) === JSON.stringify(attributes)
  );
}

function standsIn({ plan: { jobId, endEpoch } }: Unfinished): Standing {
  return { standing: 'unfinished', jobId, endEpoch };
}

async function ownedBlobs(
  { chain }: StorePorts,
  account: WalletAccount | undefined,
  { reuse, owner }: QuoteOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly OwnedBlob[]>> {
  const isOther = owner !== undefined && owner !== account?.address;
  if (account === undefined || reuse === 'none' || isOther) return new Map();
  const byId = new Map<string, OwnedBlob[]>();
  for (const blob of await chain.blobs(account.address, signal)) {
    byId.set(blob.blobId, [...(byId.get(blob.blobId) ?? []), blob]);
  }
  return byId;
}

function attributesAt(
  given: QuoteOptions['attributes'],
  at: number,
  count: number,
): PreparedFile['attributes'] {
  if (given === undefined) return [];
  if (!Array.isArray(given)) return Object.entries(given as Attributes);
  if (given.length !== count)
    throw invalid('attributes', `${given.length} sets for ${count} files`);
  return Object.entries(given[at] as Attributes);
}

/** What is compared with bytes later must be written as they write it. */
function ownerIn({ owner }: QuoteOptions): Pick<QuoteOptions, 'owner'> {
  if (owner === undefined) return {};
  const address = normalAddress(owner);
  if (address === undefined) throw invalid('owner', 'not an address: 0x and 64 hex digits');
  return { owner: address };
}

function invalid(name: string, reason: string): HauloutError {
  return new HauloutError('argument-invalid', { name, reason });
}
