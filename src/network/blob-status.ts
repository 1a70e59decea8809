import { fieldOf } from './exchange.ts';

/** What a node knows of a blob's life on chain. Its word alone proves nothing. */
export type BlobStatus =
  | { readonly kind: 'nonexistent' }
  | { readonly kind: 'invalid' }
  | {
      readonly kind: 'permanent';
      /** exclusive */
      readonly endEpoch: number;
      readonly isCertified: boolean;
      readonly initialCertifiedEpoch: number | undefined;
      readonly deletable: DeletableCounts;
    }
  | {
      readonly kind: 'deletable';
      readonly initialCertifiedEpoch: number | undefined;
      readonly deletable: DeletableCounts;
    };

export interface DeletableCounts {
  readonly total: number;
  readonly certified: number;
}

/** Reads the data of `GET …/status`; undefined if it has another shape. */
export function readBlobStatus(data: unknown): BlobStatus | undefined {
  if (data === 'nonexistent') return { kind: 'nonexistent' };
  if (fieldOf(data, 'invalid') !== undefined) return { kind: 'invalid' };
  const permanent = fieldOf(data, 'permanent');
  const body = permanent ?? fieldOf(data, 'deletable');
  const deletable = countsOf(fieldOf(body, 'deletableCounts'));
  const initial = fieldOf(body, 'initialCertifiedEpoch') ?? undefined;
  if (deletable === undefined || !(initial === undefined || isCount(initial))) return undefined;
  const common = { initialCertifiedEpoch: initial, deletable };
  if (permanent === undefined) return { kind: 'deletable', ...common };
  const endEpoch = fieldOf(permanent, 'endEpoch');
  const isCertified = fieldOf(permanent, 'isCertified');
  if (!isCount(endEpoch) || typeof isCertified !== 'boolean') return undefined;
  return { kind: 'permanent', endEpoch, isCertified, ...common };
}

function countsOf(value: unknown): DeletableCounts | undefined {
  const total = fieldOf(value, 'count_deletable_total');
  const certified = fieldOf(value, 'count_deletable_certified');
  return isCount(total) && isCount(certified) ? { total, certified } : undefined;
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0;
