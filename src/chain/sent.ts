import type { SuiClientTypes } from '@mysten/sui/client';
import { parseBlobId } from '../protocol/blob-id.ts';
import { toHex } from '../protocol/hex.ts';
import type { FoundMarker, FoundPurchase } from './chain-client.ts';
import { type Programme, parseProgramme } from './decode/programme.ts';
import { type Endpoints, unavailable } from './endpoints.ts';
import { readMarker } from './marker.ts';

/** More transactions than a person sends; a list without an end is no answer. */
const HISTORY_PAGES = 4_000;

type Signal = AbortSignal | undefined;
type Listed = SuiClientTypes.ListTransactionsResponse<{ bcs: true }>;

/**
 * The markers in all that an address sent, newest first.
 *
 * @throws HauloutError 'chain-unavailable', also if the list does not end
 */
export async function markersOf(
  endpoints: Endpoints,
  sender: string,
  signal: Signal,
): Promise<FoundMarker[]> {
  const markers: FoundMarker[] = [];
  let before: string | null = null;
  for (let page = 0; page < HISTORY_PAGES; page++) {
    const at: string | null = before;
    const list = await pageOf(endpoints, sender, at, signal);
    for (const { programme, digest, timestampMs } of read(list)) {
      const marker = markerIn(programme);
      if (marker) markers.push({ ...marker, digest, ...(timestampMs !== null && { timestampMs }) });
    }
    before = list.endCursor;
    if (!list.hasNextPage) return markers;
    if (before === null || before === at) break;
  }
  throw unavailable('the list of transactions does not end');
}

/**
 * Among the newest that an address sent those that name one of some blobs, as a purchase by this client must. What
 * does not parse as one of its transactions is passed over.
 *
 * @returns newest first; one page of them
 * @throws HauloutError 'chain-unavailable'
 */
export async function purchasesOf(
  endpoints: Endpoints,
  sender: string,
  blobIds: ReadonlySet<string>,
  signal: Signal,
): Promise<FoundPurchase[]> {
  const names = new Set([...blobIds].map((blobId) => toHex(parseBlobId(blobId))));
  return read(await pageOf(endpoints, sender, null, signal)).flatMap(({ programme, digest }) => {
    const isNamed = programme.inputs.some((input) => {
      return input.is === 'pure' && names.has(toHex(input.bytes)); // a u256 is written as the ID is
    });
    const marker = markerIn(programme);
    return isNamed ? [{ digest, ...(marker ? { marker } : {}) }] : [];
  });
}

function pageOf(
  endpoints: Endpoints,
  sender: string,
  before: string | null,
  signal: Signal,
): Promise<Listed> {
  return endpoints.first(
    ({ core }, inner) =>
      core.listTransactions({
        ...{ filter: { sender }, include: { bcs: true }, signal: inner },
        ...(before === null ? { order: 'descending' } : { before }),
      }),
    signal,
  );
}

/** Those of a list that could be of this client; others do not parse. */
function read({ transactions }: Listed) {
  return transactions.flatMap(({ Transaction: transaction }) => {
    if (transaction?.bcs === undefined) return [];
    const { digest, timestampMs } = transaction;
    try {
      return [{ programme: parseProgramme(transaction.bcs), digest, timestampMs }];
    } catch {
      return [];
    }
  });
}

function markerIn({ inputs }: Programme) {
  const notes = inputs
    .slice(0, 2)
    .flatMap((input) => (input.is === 'pure' ? (readMarker(input.bytes) ?? []) : []));
  return notes[0];
}
