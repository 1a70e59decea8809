import { Transaction } from '@mysten/sui/transactions';
import { sha256 } from '@noble/hashes/sha2.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceRuleInput } from '../../../src/devnet/service/service-faults.ts';
import { relayTip, type TipPayment, tipMist } from '../../../src/network/relay-client.ts';
import type { EncodedBlob } from '../../../src/protocol/blob-summary.ts';
import { isHauloutError } from '../../../src/protocol/errors.ts';
import { putThroughRelay } from '../../../src/transfer/relay-put.ts';
import type { RelayPut } from '../../../src/transfer/relay-types.ts';
import { uploadBlob } from '../../../src/transfer/upload-blob.ts';
import { bytesOf, officialClients } from '../../support/devnet/local-network.ts';
import { blobBytes } from '../../support/devnet/node-calls.ts';
import { RELAY, TransferWorld } from '../../support/devnet/transfer-world.ts';
import { quickClock } from '../../support/quick-clock.ts';

const SIZE = 3_000;
const NONCE = bytesOf(32, 9);
const UPLOAD = { method: 'POST' } as const;
const { signal } = new AbortController();
const failed = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (isHauloutError(error) ? { code: error.code, ...error.detail } : error),
  );

let world: TransferWorld;
let salt = 0;
/** query strings of what was posted, and how many bytes */
let posts: { query: URLSearchParams; type: string | null }[] = [];

async function purchase(tip = 0n, deletable = false) {
  const blob = await world.encode(SIZE, ++salt);
  const { objectId } = await world.register(blob, deletable);
  const payment = tip === 0n ? undefined : await pay(salt, tip);
  return { blob, objectId, put: relayPut(blob, payment), payment };
}

function relayPut(blob: EncodedBlob, payment?: TipPayment): RelayPut {
  return {
    relay: RELAY,
    blobId: blob.blobId,
    source: new Blob([blobBytes(SIZE, salt)], { type: 'image/png' }),
    committee: async () => world.network.life.port.state().current,
    ...(payment === undefined ? {} : { payment }),
  };
}

/** Pays a tip, with the commitment to the blob that a relay looks for. */
async function pay(salt: number, tip: bigint): Promise<TipPayment> {
  const { sui, signer } = officialClients(world.network);
  const bytes = blobBytes(SIZE, salt);
  const commitment = new Uint8Array(72);
  commitment.set(sha256(bytes));
  commitment.set(sha256(NONCE), 32);
  new DataView(commitment.buffer).setBigUint64(64, BigInt(bytes.length), true);
  const tx = new Transaction();
  tx.pure(commitment);
  const [coin] = tx.splitCoins(tx.gas, [tip]);
  tx.transferObjects([coin as NonNullable<typeof coin>], world.network.tipAddress);
  const result = await signer.signAndExecuteTransaction({ transaction: tx, client: sui });
  const { digest } = result.Transaction as { digest: string };
  return { txId: digest, nonce: NONCE, tipMist: tip };
}

const faults = (...rules: ServiceRuleInput[]) => world.network.services.relay.setFaults(rules);

describe('an upload through a relay', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const distribute = { tailMs: 100, tailFraction: 0.5, limitMs: 20_000 };
    const relay = { maxBytes: 20_000, finalityMs: 50, distribute };
    world = await TransferWorld.open({ relay }, { clock: quickClock(20) });
    const { relay: slot } = world.network.services;
    const handle = slot.handle.bind(slot);
    slot.handle = (request) => {
      const { searchParams } = new URL(request.url);
      posts.push({ query: searchParams, type: request.headers.get('content-type') });
      return handle(request);
    };
  }, 120_000);
  afterEach(async () => {
    posts = [];
    await faults();
    for (const slot of world.network.nodes) await slot.setFaults([]);
  });
  afterAll(() => world.close());

  it.each([false, true])('gives what the contract takes; deletable: %s', async (deletable) => {
    const { blob, objectId, put } = await purchase(0n, deletable);
    const sent: number[] = [];
    const certified = await putThroughRelay(
      world.doors,
      { ...put, ...(deletable ? { objectId } : {}), onSent: (bytes) => sent.push(bytes) },
      signal,
    );
    await world.certify(blob, objectId, certified, deletable);
    expect(sent.at(-1)).toBe(SIZE);
    expect(posts).toHaveLength(1);
    expect(posts[0]?.type).toBeNull(); // a type would make browsers ask first, and tells of the file
    const names = deletable
      ? ['blob_id', 'deletable_blob_object', 'encoding_type']
      : ['blob_id', 'encoding_type'];
    expect([...(posts[0]?.query.keys() ?? [])]).toEqual(names);
  });

  it.each<[string, ServiceRuleInput['action']]>([
    ['loses its answer after the work is done', { type: 'status', status: 500, after: true }],
    ['cuts its answer', { type: 'drop', fraction: 0.5 }],
    ['breaks the connection', { type: 'restart', ms: 20 }],
    ['answers with half of it', { type: 'truncate' }],
    ['answers with a page', { type: 'html' }],
    ['is overloaded', { type: 'status', status: 429 }],
    ['stands behind a proxy that gave up', { type: 'status', status: 504 }],
  ])('pays once and sends again with the same nonce when the relay %s', async (_, action) => {
    await world.network.setTip({ address: world.network.tipAddress, kind: { const: 105 } });
    const { blob, objectId, put } = await purchase(105n);
    await faults({ match: { ...UPLOAD, times: 2 }, action });
    posts = [];
    await world.certify(blob, objectId, await putThroughRelay(world.doors, put, signal));
    expect(posts).toHaveLength(3);
    const proofs = posts.map(({ query }) => `${query.get('tx_id')} ${query.get('nonce')}`);
    expect(new Set(proofs)).toEqual(
      new Set([`${put.payment?.txId} ${Buffer.from(NONCE).toString('base64url')}`]),
    );
    await world.network.setTip('none');
  });

  it.each(['signature', 'signers', 'message'] as const)(
    'never uses a certificate with a wrong %s',
    async (what) => {
      const { put } = await purchase();
      await faults({ match: UPLOAD, action: { type: 'wrongCertificate', what } });
      const error = await failed(putThroughRelay(world.doors, put, signal));
      expect(error).toMatchObject({ code: 'certificate-mismatch' });
    },
  );

  it('refuses a certificate of another blob', async () => {
    const { put } = await purchase();
    const other = await purchase();
    const { relay: slot } = world.network.services;
    const handle = slot.handle;
    slot.handle = async (request) => {
      await request.body?.cancel();
      const query = new URLSearchParams({ blob_id: other.put.blobId });
      const body = blobBytes(SIZE, salt);
      const asked = new Request(`${RELAY}/v1/blob-upload-relay?${query}`, { method: 'POST', body });
      const answer = await (await handle(asked)).json();
      const blob_id = [...Buffer.from(put.blobId, 'base64url')];
      return Response.json({ ...answer, blob_id });
    };
    try {
      expect(await failed(putThroughRelay(world.doors, put, signal))).toEqual({
        ...{ code: 'certificate-mismatch', reason: 'message' },
      });
    } finally {
      slot.handle = handle;
    }
  });

  it('collects again when the epoch ended while the relay was at work', async () => {
    const { blob, objectId, put } = await purchase();
    const old = world.network.life.port.state().current;
    await world.network.epochs.advance();
    let reads = 0;
    const certified = await putThroughRelay(
      world.doors,
      {
        ...put,
        committee: async (stale) => {
          reads += 1;
          return stale === undefined ? old : world.network.life.port.state().current;
        },
      },
      signal,
    );
    expect([reads, certified.committee.epoch]).toEqual([2, 2]);
    await world.certify(blob, objectId, certified);
  });

  it('says what stands in the way, and does not go on asking', async () => {
    await world.network.setTip({ address: world.network.tipAddress, kind: { const: 1_000 } });
    const cheap = await purchase(105n);
    posts = [];
    expect(await failed(putThroughRelay(world.doors, cheap.put, signal))).toEqual({
      ...{ code: 'relay-refused', status: 402, reason: 'payment' },
    });
    expect(posts).toHaveLength(1);
    await world.network.setTip('none');
    const source = new Blob([new Uint8Array(20_001)]);
    const large = putThroughRelay(world.doors, { ...cheap.put, source }, signal);
    expect(await failed(large)).toEqual({
      code: 'relay-refused',
      status: 413,
      reason: 'too-large',
    });
    await faults({
      match: UPLOAD,
      action: { type: 'status', status: 400, text: 'the transaction is too old' },
    });
    expect(await failed(putThroughRelay(world.doors, cheap.put, signal))).toEqual({
      ...{ code: 'relay-receipt-stale', tipMist: '105' },
    });
  });

  it('reads what a relay wants', async () => {
    const { transport } = world.doors;
    expect(await relayTip(transport, RELAY, signal)).toBe('none');
    const address = world.network.tipAddress;
    await world.network.setTip({ address, kind: { linear: { base: 100, perKiB: 2 } } });
    const tip = await relayTip(transport, RELAY, signal);
    expect(tip).toEqual({ address, kind: 'linear', baseMist: 100n, mistPerKiB: 2n });
    expect(tipMist(tip, 4_252_196)).toBe(8_406n);
    await world.network.setTip('none');
    await faults({ action: { type: 'html' } });
    expect(await failed(relayTip(transport, RELAY, signal))).toMatchObject({ reason: 'not-json' });
  });

  describe('or to the nodes', () => {
    it('goes to the nodes when the relay is away, without another payment', async () => {
      const { blob, objectId, put } = await purchase();
      await faults({ action: { type: 'refuse' } });
      const paths: unknown[] = [];
      const outcome = await uploadBlob(
        world.doors,
        {
          first: 'relay',
          relay: put,
          direct: world.job(blob),
          onPath: (...path) => paths.push(path),
        },
        signal,
      );
      expect(outcome.path).toBe('direct');
      expect(paths).toEqual([
        ['relay', undefined],
        ['direct', 'host-unreachable'],
      ]);
      await world.certify(blob, objectId, outcome);
      await outcome.tail;
    });

    it('goes through the relay when nodes cannot be reached from here', async () => {
      const { blob, objectId, put } = await purchase();
      const { transport } = world.doors;
      const names = world.network.nodes.slice(0, 2).map(({ networkAddress }) => networkAddress);
      const doors: typeof world.doors = {
        ...world.doors,
        transport: {
          send: (request, ...rest) => {
            const isAway = names.includes(new URL(request.url).host);
            const url = 'http://nobody.test/';
            return transport.send(isAway ? { url, method: 'GET' } : request, ...rest);
          },
        },
      };
      const direct = world.job(blob, { patienceMs: 3_000 });
      const upload = { first: 'direct', relay: put, direct } as const;
      const outcome = await uploadBlob(doors, upload, signal);
      expect(outcome.path).toBe('relay');
      await world.certify(blob, objectId, outcome);
    });

    it('ends with the error of the first path when both fail', async () => {
      const { blob, put } = await purchase();
      await faults({ action: { type: 'refuse' } });
      for (const slot of world.network.nodes)
        await slot.setFaults([{ action: { type: 'refuse' } }]);
      const direct = world.job(blob, { patienceMs: 2_000 });
      const work = uploadBlob(world.doors, { first: 'direct', relay: put, direct }, signal);
      expect(await failed(work)).toMatchObject({ code: 'quorum-unreached', have: 0, need: 9 });
    });
  });
});
