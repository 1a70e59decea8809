import { formatBlobId, parseBlobId } from './blob-id.ts';
import { verifyAggregate } from './certificate.ts';
import { type Committee, quorumWeight, weightOf } from './committee.ts';
import { HauloutError } from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import { blobIdOf } from './merkle.ts';
import { confirmationMessage } from './messages.ts';

/** What proves that a quorum of storage nodes took a blob, and where the chain says so too. */
export interface Receipt {
  /** digest of the chain's first checkpoint */
  readonly chainId: string;
  readonly blobId: string;
  /** 32 bytes */
  readonly rootHash: Uint8Array;
  readonly unencodedBytes: number;
  /** `0x` and 64 hex digits */
  readonly blobObjectId: string;
  readonly deletable: boolean;
  /** exclusive */
  readonly endEpoch: number;
  readonly owner: string;
  readonly registerDigest: string;
  readonly certifyDigest: string;
  /** of the epoch in which the nodes signed */
  readonly committee: Committee;
  /** member indices, ascending */
  readonly signers: readonly number[];
  /** 96 bytes */
  readonly signature: Uint8Array;
}

/** Fields that hold because the signatures of the named committee cover them. */
export const PROVEN_FIELDS = [
  ...['blobId', 'rootHash', 'unencodedBytes', 'deletable', 'signers', 'signature'],
  'committee.epoch',
] as const;

const FORMAT = 'haulout-receipt-1';

/** As JSON, with bytes in hex. */
export function writeReceipt(receipt: Receipt): string {
  const { rootHash, signature, committee, ...plain } = receipt;
  const members = committee.members.map(({ nodeId, publicKey, weight }) => {
    return { nodeId, publicKey: toHex(publicKey), weight };
  });
  const { epoch, shardCount } = committee;
  const bytes = { rootHash: toHex(rootHash), signature: toHex(signature) };
  const json = { format: FORMAT, ...plain, ...bytes, committee: { epoch, shardCount, members } };
  return JSON.stringify(json, null, 2);
}

/**
 * Reads a receipt strictly: every field, and none besides.
 *
 * @throws HauloutError 'receipt-altered' with the field that cannot be
 */
export function readReceipt(text: string): Receipt {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw altered('JSON');
  }
  const top = new Fields(json, '');
  if (top.text('format', /./) !== FORMAT) throw altered('format');
  const inner = new Fields(top.take('committee'), 'committee.');
  const members = inner.list('members').map((member, at) => {
    const fields = new Fields(member, `committee.members.${at}.`);
    const nodeId = fields.text('nodeId', OBJECT_ID);
    const read = { nodeId, publicKey: fields.bytes('publicKey'), weight: fields.count('weight') };
    fields.end();
    return read;
  });
  const committee = { epoch: inner.count('epoch'), shardCount: inner.count('shardCount'), members };
  inner.end();
  const receipt: Receipt = {
    chainId: top.text('chainId', BASE58),
    blobId: top.text('blobId', /^[A-Za-z0-9_-]{43}$/),
    rootHash: top.bytes('rootHash', 32),
    unencodedBytes: top.count('unencodedBytes'),
    blobObjectId: top.text('blobObjectId', OBJECT_ID),
    deletable: top.flag('deletable'),
    endEpoch: top.count('endEpoch'),
    owner: top.text('owner', OBJECT_ID),
    registerDigest: top.text('registerDigest', BASE58_OR_NOTHING),
    certifyDigest: top.text('certifyDigest', BASE58),
    signers: top.list('signers').map((_, at, all) => countIn(all[at], `signers.${at}`)),
    signature: top.bytes('signature', 96),
    committee,
  };
  top.end();
  return receipt;
}

/**
 * Checks what can be checked without asking anybody: that the blob ID is that of the root and the
 * length, and that a quorum of the committee named in the receipt has signed for it. Whether that
 * was the committee is for the chain to say.
 *
 * @throws HauloutError 'receipt-altered' with the field that does not hold
 */
export function verifyReceiptOffline(receipt: Receipt): void {
  const { rootHash, unencodedBytes, committee, signers, signature } = receipt;
  if (formatBlobId(blobIdOf(rootHash, unencodedBytes)) !== receipt.blobId) throw altered('blobId');
  const total = committee.members.reduce((sum, { weight }) => sum + weight, 0);
  if (total !== committee.shardCount) throw altered('committee.shardCount');
  if (weightIn(committee, signers) < quorumWeight(committee.shardCount)) throw altered('signers');
  const blobId = parseBlobId(receipt.blobId);
  const objectId = fromHex(receipt.blobObjectId.slice(2));
  const kind = receipt.deletable && objectId !== undefined ? { objectId } : {};
  const message = confirmationMessage({ epoch: committee.epoch, blobId, ...kind });
  if (!verifyAggregate(committee, { signers, message, signature })) throw altered('signature');
}

const OBJECT_ID = /^0x[0-9a-f]{64}$/;
const BASE58 = /^[1-9A-HJ-NP-Za-km-z]{32,44}$/;
const BASE58_OR_NOTHING = /^([1-9A-HJ-NP-Za-km-z]{32,44})?$/;

function weightIn(committee: Committee, signers: readonly number[]): number {
  try {
    return weightOf(committee, signers);
  } catch {
    throw altered('signers');
  }
}

/** An object whose fields are taken one by one; none may be left. */
class Fields {
  readonly #left: Map<string, unknown>;
  readonly #prefix: string;

  constructor(json: unknown, prefix: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw altered(prefix.slice(0, -1) || 'JSON');
    }
    this.#left = new Map(Object.entries(json));
    this.#prefix = prefix;
  }

  take(name: string): unknown {
    const value = this.#left.get(name);
    this.#left.delete(name);
    return value;
  }

  text(name: string, pattern: RegExp): string {
    const value = this.take(name);
    if (typeof value !== 'string' || !pattern.test(value)) throw altered(this.#prefix + name);
    return value;
  }

  count(name: string): number {
    return countIn(this.take(name), this.#prefix + name);
  }

  flag(name: string): boolean {
    const value = this.take(name);
    if (typeof value !== 'boolean') throw altered(this.#prefix + name);
    return value;
  }

  bytes(name: string, length?: number): Uint8Array {
    const value = fromHex(this.take(name));
    if (value === undefined || (length !== undefined && value.length !== length)) {
      throw altered(this.#prefix + name);
    }
    return value;
  }

  list(name: string): unknown[] {
    const value = this.take(name);
    if (!Array.isArray(value)) throw altered(this.#prefix + name);
    return value;
  }

  end(): void {
    const [name] = this.#left.keys();
    if (name !== undefined) throw altered(this.#prefix + name);
  }
}

function countIn(value: unknown, field: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw altered(field);
  return value as number;
}

function altered(field: string): HauloutError {
  return new HauloutError('receipt-altered', { field });
}
