import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChainTransaction } from '../../../../src/devnet/chain-port.ts';
import type { Codec } from '../../../../src/devnet/codec.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { checkPayment } from '../../../../src/devnet/relay/check-payment.ts';
import { RelayError } from '../../../../src/devnet/relay/relay-error.ts';
import { parseTip, tipFor, tipJson } from '../../../../src/devnet/relay/tip.ts';
import { SUI_TYPE } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import { verifyCertificate } from '../../../../src/protocol/certificate.ts';
import { encodedLength } from '../../../../src/protocol/geometry.ts';
import { readConfirmation } from '../../../../src/protocol/messages.ts';
import {
  bytesOf,
  memoryDoors,
  memoryNetwork,
  officialClients,
} from '../../../support/devnet/local-network.ts';

const ADDRESS = `0x${'7a'.repeat(32)}`;
const NONCE = bytesOf(32, 9);
const BLOB = bytesOf(500);
const NOW = 1_800_000_000_000;

function commitment(blob = BLOB, nonce = NONCE, length = blob.length): Uint8Array {
  const bytes = new Uint8Array(72);
  bytes.set(sha256(blob));
  bytes.set(sha256(nonce), 32);
  new DataView(bytes.buffer).setBigUint64(64, BigInt(length), true);
  return bytes;
}

function transaction(change: Partial<ChainTransaction> = {}, amount = 105n): ChainTransaction {
  return {
    digest: 'D',
    sender: ADDRESS,
    succeeded: true,
    timestampMs: NOW - 1_000,
    firstPureInput: commitment(),
    balanceChanges: [{ address: ADDRESS, coinType: SUI_TYPE, amount }],
    ...change,
  };
}

describe('tips', () => {
  it('are none, constant, or grow with every KiB of the encoded blob that was begun', () => {
    expect(tipFor('none', 10 ** 9)).toBe(0n);
    expect(tipFor({ address: ADDRESS, kind: { const: 105 } }, 1)).toBe(105n);
    const linear = { address: ADDRESS, kind: { linear: { base: 100, perKiB: 2 } } } as const;
    expect(tipFor(linear, encodedLength(1_048_576, 13))).toBe(8_406n);
    expect(tipFor(linear, 1_024)).toBe(102n);
    expect(tipFor(linear, 1_025)).toBe(104n);
  });

  it('are told in the JSON of the real relay', () => {
    const kind = (text: string) => tipJson(parseTip(text, ADDRESS) ?? 'none');
    expect(kind('none')).toBe('no_tip');
    expect(kind('const:105')).toEqual({ send_tip: { address: ADDRESS, kind: { const: 105 } } });
    expect(kind('linear:101,42')).toEqual({
      send_tip: { address: ADDRESS, kind: { linear: { base: 101, encoded_size_mul_per_kib: 42 } } },
    });
    expect(parseTip('much', ADDRESS)).toBeUndefined();
  });
});

describe('a payment', () => {
  const rules = {
    tip: { address: ADDRESS, kind: { const: 105 } },
    shardCount: 13,
    oldestMs: 3_600_000,
    youngestMs: 30_000,
  } as const;
  const check = (paid: ChainTransaction, nonce = NONCE, blob = BLOB) => {
    try {
      checkPayment({ transaction: paid, nonce }, blob, NOW, rules);
      return undefined;
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      return [error.httpStatus, error.message];
    }
  };

  it('is taken when all is right, again and again', () => {
    expect(check(transaction())).toBeUndefined();
    expect(check(transaction({ timestampMs: NOW + 29_000 }))).toBeUndefined();
    expect(check(transaction({}, 1_000n))).toBeUndefined();
  });

  it.each([
    [400, 'too old', transaction({ timestampMs: NOW - 3_600_001 })],
    [400, 'future', transaction({ timestampMs: NOW + 30_001 })],
    [402, '105 MIST', transaction({}, 104n)],
    [402, '105 MIST', transaction({ succeeded: false })],
    [402, '105 MIST', transaction({ balanceChanges: [] })],
    [401, 'first input', transaction({ firstPureInput: undefined })],
    [401, 'first input', transaction({ firstPureInput: new Uint8Array(71) })],
    [401, 'nonce', transaction({ firstPureInput: commitment(BLOB, bytesOf(32, 8)) })],
    [401, 'length', transaction({ firstPureInput: commitment(BLOB, NONCE, 501) })],
    [401, 'blob', transaction({ firstPureInput: commitment(bytesOf(500, 2)) })],
  ])('is refused with %i: %s', (status, words, paid) => {
    const [code, message] = check(paid) ?? [];
    expect(code).toBe(status);
    expect(message).toContain(words);
  });

  it('is judged by age first, then amount, nonce, length and bytes', () => {
    const all = { timestampMs: 0, firstPureInput: commitment(bytesOf(9), bytesOf(32, 8)) };
    expect(check(transaction(all, 0n))?.[1]).toContain('too old');
    expect(check(transaction({ ...all, timestampMs: NOW }, 0n))?.[0]).toBe(402);
    expect(check(transaction({ ...all, timestampMs: NOW }))?.[1]).toContain('nonce');
    expect(check(transaction({ firstPureInput: commitment(bytesOf(9)) }))?.[1]).toContain('length');
  });
});

describe('an upload relay', () => {
  let network: LocalNetwork;
  let [encoding, most] = [0, 0]; // bytes
  const ask = (path: string, init?: RequestInit) =>
    network.services.relay.handle(new Request(`http://relay.test${path}`, init));
  const post = (query: string, body: Uint8Array = BLOB) =>
    ask(`/v1/blob-upload-relay?${query}`, {
      method: 'POST',
      body: body as Uint8Array<ArrayBuffer>,
    });
  const said = async (response: Response) => [response.status, await response.text()] as const;
  beforeAll(async () => {
    const distribute = { tailMs: 100, tailFraction: 0.5, limitMs: 2_000 };
    const relay = { maxBytes: 20_000, finalityMs: 50, distribute };
    const doors = await memoryDoors();
    const codec: Codec = {
      ...doors.codec,
      encode: async (blob, shardCount) => {
        encoding += blob.length;
        most = Math.max(most, encoding);
        return doors.codec.encode(blob, shardCount).finally(() => {
          encoding -= blob.length;
        });
      },
    };
    network = await memoryNetwork({ relay }, { ...doors, codec });
  }, 60_000);
  afterAll(() => network.close());

  it('encodes, stores and certifies what the chain then takes', async () => {
    const { walrus, signer } = officialClients(network);
    const { blobId, rootHash } = await walrus.encodeBlob(BLOB);
    const size = BLOB.length;
    const options = { blobId, rootHash, size, epochs: 3, deletable: false, signer };
    await walrus.executeRegisterBlobTransaction(options);
    const response = await post(`blob_id=${blobId}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-max-age')).toBe('86400');
    const { blob_id, confirmation_certificate: certificate } = await response.json();
    expect(blob_id).toHaveLength(32);
    const signed = {
      signers: certificate.signers,
      message: Uint8Array.from(certificate.serialized_message),
      signature: new Uint8Array(Buffer.from(certificate.signature, 'base64')),
    };
    const { current } = network.life.port.state();
    expect(verifyCertificate(current, signed)).toBe(true);
    expect(readConfirmation(signed.message)?.blobId).toEqual(Uint8Array.from(blob_id));
  });

  it('refuses in plain text', async () => {
    const id = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
    expect(await said(await post(`blob_id=${id}`))).toEqual([400, expect.stringContaining(id)]);
    for (const query of [
      ...['', 'blob_id=short', `blob_id=${id}&more=1`, `blob_id=${id}&encoding_type=RedStuff`],
      ...[`blob_id=${id}&nonce=abc`, `blob_id=${id}&tx_id=0OIl`, `blob_id=${id}&blob_id=${id}`],
      `blob_id=${id}&deletable_blob_object=12`,
    ]) {
      const response = await post(query);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
      expect(await said(response)).toEqual([400, expect.stringContaining('Failed to deserialize')]);
    }
    expect((await post(`blob_id=${id}`, bytesOf(20_001))).status).toBe(413);
    expect((await ask('/v1/blob-upload-relay')).status).toBe(405);
    expect((await ask('/v2')).status).toBe(404);
    expect((await ask('/v1/tip-config', { method: 'OPTIONS' })).status).toBe(200);
  });

  it('encodes no more at the same time than one blob may have', async () => {
    const id = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
    const posts = Array.from({ length: 6 }, (_, i) => post(`blob_id=${id}`, bytesOf(9_000, i)));
    const answers = await Promise.all(posts);
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(400));
    expect(most).toBe(18_000);
  });

  it('says 500 when too few nodes confirm', async () => {
    const { walrus } = officialClients(network);
    const blob = bytesOf(300, 5);
    const { blobId } = await walrus.encodeBlob(blob); // never registered
    expect(await said(await post(`blob_id=${blobId}`, blob))).toEqual([
      500,
      'internal client error',
    ]);
  });

  it('wants a payment when it takes tips', async () => {
    await network.setTip({ address: network.tipAddress, kind: { const: 105 } });
    const id = 'BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc';
    const nonce = Buffer.from(NONCE).toString('base64url');
    expect(await said(await post(`blob_id=${id}&nonce=${nonce}`))).toEqual([
      400,
      'missing field `tx_id`',
    ]);
    const digest = '1'.repeat(32);
    expect(await said(await post(`blob_id=${id}&tx_id=${digest}`))).toEqual([
      400,
      'missing field `nonce`',
    ]);
    const unknown = await said(await post(`blob_id=${id}&tx_id=${digest}&nonce=${nonce}`));
    expect(unknown).toEqual([400, expect.stringContaining('there is no transaction')]);
  });
});
