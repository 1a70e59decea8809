import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatBlobId } from '../../../src/protocol/blob-id.ts';
import {
  aggregateSignatures,
  publicKeyOf,
  signMessage,
} from '../../../src/protocol/certificate.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { blobIdOf } from '../../../src/protocol/merkle.ts';
import { confirmationMessage } from '../../../src/protocol/messages.ts';
import {
  PROVEN_FIELDS,
  type Receipt,
  readReceipt,
  verifyReceiptOffline,
  writeReceipt,
} from '../../../src/protocol/receipt.ts';

const OBJECT = `0x${'2a'.repeat(32)}`;
const DIGEST = '4btiuiMPvEENsttpZC7CZ53DruC3MAgfznDbASZ7DR6S';
const secrets = [1, 2, 3, 4].map((n) => new Uint8Array(32).fill(n));
let receipt: Receipt;

beforeAll(() => {
  const rootHash = new Uint8Array(32).fill(7);
  const blobId = blobIdOf(rootHash, 1_000);
  const objectId = new Uint8Array(32).fill(0x2a);
  const message = confirmationMessage({ epoch: 5, blobId, objectId });
  const signers = [0, 1, 3];
  const signatures = signers.map((i) => signMessage(secrets[i] as Uint8Array, message));
  const members = secrets.map((secret, i) => {
    const nodeId = `0x${String(i).repeat(64)}`;
    return { nodeId, publicKey: publicKeyOf(secret).compressed, weight: 1 };
  });
  receipt = {
    ...{ chainId: DIGEST, blobId: formatBlobId(blobId), rootHash, unencodedBytes: 1_000 },
    ...{ blobObjectId: OBJECT, deletable: true, endEpoch: 9, owner: `0x${'1'.repeat(64)}` },
    ...{ registerDigest: DIGEST, certifyDigest: DIGEST, signers },
    signature: aggregateSignatures(signatures),
    committee: { epoch: 5, shardCount: 4, members },
  };
});

const check = (text: string) => verifyReceiptOffline(readReceipt(text));
function alteredField(text: string): string | undefined {
  try {
    check(text);
    return undefined;
  } catch (error) {
    if (!isHauloutError(error, 'receipt-altered')) throw error;
    return error.detail.field;
  }
}
const changed = (change: Partial<Receipt>) => writeReceipt({ ...receipt, ...change });

describe('a receipt', () => {
  it('is read back as it was written, and holds by itself', () => {
    const text = writeReceipt(receipt);
    expect(readReceipt(text)).toEqual(receipt);
    check(text);
  });

  it('names the field that was altered', () => {
    const { committee } = receipt;
    const flip = (bytes: Uint8Array) =>
      Uint8Array.from(bytes, (byte, i) => byte ^ (i === 20 ? 1 : 0));
    expect(alteredField(changed({ unencodedBytes: 1_001 }))).toBe('blobId');
    expect(alteredField(changed({ rootHash: flip(receipt.rootHash) }))).toBe('blobId');
    expect(alteredField(changed({ blobId: 'A'.repeat(43) }))).toBe('blobId');
    expect(alteredField(changed({ signature: flip(receipt.signature) }))).toBe('signature');
    expect(alteredField(changed({ deletable: false }))).toBe('signature');
    expect(alteredField(changed({ blobObjectId: `0x${'2b'.repeat(32)}` }))).toBe('signature');
    expect(alteredField(changed({ signers: [0, 1] }))).toBe('signers');
    expect(alteredField(changed({ signers: [0, 1, 4] }))).toBe('signers');
    expect(alteredField(changed({ signers: [0, 1, 1, 3] }))).toBe('signers');
    expect(alteredField(changed({ signers: [0, 1, 2] }))).toBe('signature');
    expect(alteredField(changed({ committee: { ...committee, epoch: 6 } }))).toBe('signature');
    // A node that alone would be a quorum.
    const heavy = committee.members.map((member, i) => ({ ...member, weight: i === 0 ? 4 : 0 }));
    const one = { committee: { ...committee, members: heavy }, signers: [0] };
    expect(alteredField(changed(one))).toBe('signature');
    expect(alteredField(changed({ committee: { ...committee, shardCount: 3 } }))).toBe(
      'committee.shardCount',
    );
  });

  it('is strict about every field, and takes none besides', () => {
    const json = JSON.parse(writeReceipt(receipt));
    for (const name of Object.keys(json)) {
      const { [name]: _gone, ...rest } = json;
      expect(alteredField(JSON.stringify(rest)), name).toContain(name);
      expect(alteredField(JSON.stringify({ ...json, [name]: null })), name).toContain(name);
    }
    expect(alteredField(JSON.stringify({ ...json, note: 'x' }))).toBe('note');
    const [member, ...others] = json.committee.members;
    const members = [{ ...member, publicKey: 'xyz' }, ...others];
    const committee = { ...json.committee, members };
    expect(alteredField(JSON.stringify({ ...json, committee }))).toBe(
      'committee.members.0.publicKey',
    );
    expect(alteredField('not json')).toBe('JSON');
    expect(alteredField('[]')).toBe('JSON');
  });

  it('whatever byte is changed: refused, or only where nothing is proven', () => {
    const text = writeReceipt(receipt);
    const claims = ['chainId', 'endEpoch', 'owner', 'registerDigest', 'certifyDigest', 'nodeId'];
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const other = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        if (other === text || alteredField(other) !== undefined) return;
        const line = other.split('\n')[text.slice(0, at).split('\n').length - 1] ?? '';
        expect(
          claims.some((name) => line.includes(`"${name}"`)) || line.includes('publicKey'),
        ).toBe(true);
      }),
      { numRuns: 60 },
    );
    expect(PROVEN_FIELDS).not.toContain('owner');
  });
});
