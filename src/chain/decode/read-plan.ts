import type { Commitment } from '../marker.ts';
import type { BlobPlan, Marker, TransactionPlan } from '../plan.ts';
import { readMergedCoins, readPayment } from './payment.ts';
import { readPools } from './pools.ts';
import { demand, refuse } from './refuse.ts';
import type { BlobValue, Deeds, PoolLog, Value } from './values.ts';

/** What a transaction says to others, beside what it does. */
export interface Notes {
  readonly commitment?: Commitment;
  readonly marker?: Marker;
}

/** The plan of which a transaction does everything, and nothing else. */
export function readPlan(sender: string, deeds: Deeds, notes: Notes): TransactionPlan {
  if (deeds.blobs.length > 0) return registerPlan(sender, deeds, notes);
  demand(notes.marker === undefined, 'marker');
  if (notes.commitment !== undefined) return tipPlan(sender, deeds, notes.commitment);
  if (deeds.extended.length > 0) {
    nothingBut(deeds, ['extended', 'payments', 'merges', 'exchanges']);
    return { kind: 'extend', sender, payment: readPayment(deeds, sender), blobs: deeds.extended };
  }
  if (deeds.certified.length > 0) return certifyPlan(sender, deeds);
  if (deeds.deleted.length > 0) return deletePlan(sender, deeds);
  if (deeds.merges.length > 0) {
    nothingBut(deeds, ['merges']);
    demand(deeds.gasTo === undefined, 'change');
    return { kind: 'merge-coins', sender, coins: readMergedCoins(deeds) };
  }
  nothingBut(deeds, ['transfers']);
  const objects = deeds.transfers.map(({ ref }) => ref);
  return { kind: 'hand-over', sender, objects, ...recipients(deeds) };
}

/** To whom all objects went, and to whom the SUI. */
function recipients({ transfers, gasTo = refuse('change') }: Deeds) {
  const handOverTo = transfers[0]?.to ?? gasTo;
  demand(
    transfers.every(({ to }) => to === handOverTo),
    'recipient',
  );
  return { handOverTo, ...(gasTo === handOverTo ? {} : { changeTo: gasTo }) };
}

function registerPlan(
  sender: string,
  deeds: Deeds,
  { marker, commitment }: Notes,
): TransactionPlan {
  nothingBut(deeds, ['blobs', 'payments', 'merges', 'exchanges', 'gifts']);
  demand(deeds.gasTo === undefined, 'change');
  const recipient = onlyRecipient(deeds.blobs);
  const gifts = [...deeds.gifts];
  const tip = commitment && { ...commitment, ...tipOf(gifts.shift()) };
  const stipend = gifts.shift();
  demand(gifts.length === 0, 'stipend');
  demand(stipend === undefined || (stipend.to === recipient && stipend.mist > 0n), 'stipend');
  const { pools, indexOf } = readPools(deeds, sender);
  return {
    ...{ kind: 'register', sender, recipient, stipendMist: stipend?.mist ?? 0n },
    ...(marker && { marker }),
    ...(tip && { tip }),
    payment: readPayment(deeds, sender),
    pools,
    blobs: deeds.blobs.map((blob) => blobPlan(blob, indexOf)),
  };
}

function blobPlan(value: BlobValue, indexOf: (pool: PoolLog) => number): BlobPlan {
  const { blob, attributes, storage } = value;
  const from = 'pool' in storage ? { pool: indexOf(storage.pool) } : storage;
  return { ...blob, attributes, storage: from };
}

function tipPlan(sender: string, deeds: Deeds, commitment: Commitment): TransactionPlan {
  nothingBut(deeds, ['gifts']);
  demand(deeds.gasTo === undefined && deeds.gifts.length === 1, 'tip');
  return { kind: 'tip', sender, tip: { ...commitment, ...tipOf(deeds.gifts[0]) } };
}

function tipOf(gift: Deeds['gifts'][number] | undefined) {
  if (gift === undefined) return refuse('tip');
  return { address: gift.to, mist: gift.mist };
}

function certifyPlan(sender: string, deeds: Deeds): TransactionPlan {
  nothingBut(deeds, ['certified', 'transfers']);
  const { certified: blobs, transfers, gasTo } = deeds;
  if (gasTo === undefined) {
    demand(transfers.length === 0, 'recipient');
    return { kind: 'certify', sender, blobs, uncertified: [] };
  }
  const isMoved = blobs.every(({ blob }, i) => transfers[i]?.ref.objectId === blob.objectId);
  demand(isMoved, 'recipient'); // the certified ones go first
  const uncertified = transfers.slice(blobs.length).map(({ ref }) => ref);
  return { kind: 'certify', sender, blobs, uncertified, ...recipients(deeds) };
}

function deletePlan(sender: string, deeds: Deeds): TransactionPlan {
  nothingBut(deeds, ['deleted', 'freed']);
  const handOverTo = onlyRecipient(deeds.freed);
  demand(deeds.gasTo === (handOverTo === sender ? undefined : handOverTo), 'change');
  return { kind: 'delete', sender, blobs: deeds.deleted, handOverTo };
}

/** To whom all of them went. */
function onlyRecipient(values: readonly Extract<Value, { end: unknown }>[]): string {
  const recipients = new Set(
    values.map(({ end }) => (typeof end === 'object' ? end.sentTo : refuse('recipient'))),
  );
  const [recipient = refuse('recipient')] = recipients;
  demand(recipients.size === 1, 'recipient');
  return recipient;
}

type List = Exclude<keyof Deeds, 'gasTo' | 'pools'>;
const LISTS: readonly List[] = [
  ...(['blobs', 'certified', 'extended', 'deleted', 'freed', 'merges'] as const),
  ...(['payments', 'exchanges', 'gifts', 'transfers'] as const),
];

function nothingBut(deeds: Deeds, allowed: readonly List[]): void {
  for (const list of LISTS) {
    demand(deeds[list].length === 0 || allowed.includes(list), list);
  }
  demand(deeds.pools.size === 0 || allowed.includes('blobs'), 'pools');
}
