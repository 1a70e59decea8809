import { parseBlobId } from '../../protocol/blob-id.ts';
import type { Fact } from '../node/facts.ts';
import { AdminError } from './admin-error.ts';
import type { Json } from './body.ts';

type FactType = Exclude<Fact['type'], 'epoch'>;
type Check = (value: unknown) => boolean;

const isBlobId: Check = (value) => {
  try {
    return parseBlobId(String(value)).length > 0;
  } catch {
    return false;
  }
};
const isObjectId: Check = (value) => typeof value === 'string' && /^0x[0-9a-f]{64}$/.test(value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const about = { blobId: isBlobId, objectId: isObjectId };

/** What has to be said of each kind of fact. Epochs change on chain only. */
const FIELDS: Record<FactType, Readonly<Record<string, Check>>> = {
  registered: { ...about, deletable: isFlag, endEpoch: isNumber, size: isNumber },
  certified: { ...about, deletable: isFlag, endEpoch: isNumber, epoch: isNumber },
  deleted: about,
  invalid: { blobId: isBlobId },
  pool: { storagePoolId: isObjectId, endEpoch: isNumber },
};

/** The event of a fact that no transaction stands behind: the digest of 32 zeros. */
const NO_EVENT = { txDigest: '1'.repeat(32), eventSeq: '0' };

/** Reads a fact about the chain that came as JSON. @throws AdminError 400 */
export function factOf(value: unknown): Fact {
  const { type, ...rest } = (value ?? {}) as Json;
  const fields = Object.hasOwn(FIELDS, String(type)) ? FIELDS[type as FactType] : undefined;
  if (fields === undefined) {
    throw new AdminError(400, `type is one of ${Object.keys(FIELDS).join(', ')}`);
  }
  const names = new Set([...Object.keys(fields), ...Object.keys(rest)]);
  const wrong = [...names].find((name) => !fields[name]?.(rest[name]));
  if (wrong !== undefined) {
    throw new AdminError(400, `${type}: ${wrong} is not as it must be`);
  }
  return { type, ...rest, ...(type === 'pool' ? {} : { event: NO_EVENT }) } as Fact;
}
