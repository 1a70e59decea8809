import { RpcError, type RpcTransport } from '@mysten/sui/grpc';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { getZkLoginSignature } from '@mysten/sui/zklogin';
import { describe, expect, it } from 'vitest';
import { buildTransaction } from '../../../src/chain/build/build-transaction.ts';
import { contractOf } from '../../../src/chain/contract.ts';
import { createChainClient } from '../../../src/chain/create-chain-client.ts';
import { isOldCertificate } from '../../../src/chain/failures.ts';
import { lifeOf } from '../../../src/chain/why-dead.ts';
import { listen } from '../../../src/devnet/http.ts';
import type { Clock } from '../../../src/protocol/ports.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import {
  type ChainWorld,
  chainWorld,
  errorOf,
  madeUpBlobs,
  upgrade,
} from '../../support/chain/chain-world.ts';
import { epochsOf } from '../../support/devnet/walrus-epochs.ts';

const NEVER = new AbortController().signal;

/** Bytes that register one blob, signed by the person. */
async function signed({ chain, register, wallet }: ChainWorld) {
  const prepared = await chain.prepare(await register(madeUpBlobs(1)));
  const { bytes, signature } = await wallet.sign(prepared.bytes, NEVER);
  return { prepared, bytes, signatures: [signature] };
}

/** A clock on which a minute takes some seconds. */
function quickClock(factor = 20): Clock {
  return {
    wall: systemClock.wall,
    monotonic: () => systemClock.monotonic() * factor,
    sleep: (ms, signal) => systemClock.sleep(ms / factor, signal),
  };
}

/** A full node that refuses some methods, before anything else happens. */
function refusing(honest: RpcTransport, methods: readonly string[], code: string): RpcTransport {
  return {
    ...{ mergeOptions: honest.mergeOptions.bind(honest) },
    serverStreaming: honest.serverStreaming.bind(honest),
    clientStreaming: honest.clientStreaming.bind(honest),
    duplex: honest.duplex.bind(honest),
    unary(method, input, options) {
      if (methods.includes(method.name)) throw new RpcError('refused', code);
      return honest.unary(method, input, options);
    },
  };
}

/** Of an account that somebody has with an identity provider; the proof is made up. */
function zkLoginSignature(): string {
  const claim = Buffer.from('"iss":"https://id.example",').toString('base64url');
  return getZkLoginSignature({
    inputs: {
      proofPoints: { a: ['1'], b: [['1']], c: ['1'] },
      issBase64Details: { value: claim, indexMod4: 0 },
      ...{ headerBase64: 'e30', addressSeed: '7' },
    },
    ...{ maxEpoch: '9', userSignature: new Uint8Array(97) },
  });
}

const registrations = ({ world, address }: ChainWorld) =>
  world.chain.ledger.transactions.filter(({ tx }) => tx.data.sender === address).length;

describe('execute', () => {
  it('finds the outcome by its digest when the answer is lost', async () => {
    const setup = await chainWorld();
    const { bytes, signatures, prepared } = await signed(setup);
    setup.world.chain.faults.set({ dropAnswers: 1 });
    const outcome = await setup.chain.execute(bytes, signatures);
    expect(outcome).toMatchObject({ success: true, digest: prepared.digest });
    expect(registrations(setup)).toBe(1);
  });

  it('gives the same outcome for the same bytes as often as they are sent', async () => {
    const setup = await chainWorld();
    const { chain, address } = setup;
    const { bytes, signatures } = await signed(setup);
    const first = await chain.execute(bytes, signatures);
    const { walFrost } = await chain.balance(address);
    for (const again of [chain, setup.newClient()]) {
      expect(await again.execute(bytes, signatures)).toEqual(first);
    }
    expect((await chain.balance(address)).walFrost).toBe(walFrost);
    expect(registrations(setup)).toBe(1);
  });

  it('does not believe that it was executed until it can be read', async () => {
    const setup = await chainWorld();
    const { bytes, signatures } = await signed(setup);
    setup.world.chain.faults.set({ pretendExecutions: 1 });
    const outcome = await setup.chain.execute(bytes, signatures);
    expect(outcome.success).toBe(true);
    expect(registrations(setup)).toBe(1); // sent again
  });

  it('waits for what becomes final late', async () => {
    const setup = await chainWorld();
    const { bytes, signatures } = await signed(setup);
    setup.world.chain.faults.set({ finalityDelayMs: 500 });
    const moving = setTimeout(() => (setup.world.clock.ms += 1_000), 700);
    const outcome = await setup.chain.execute(bytes, signatures);
    clearTimeout(moving);
    expect(outcome.success).toBe(true);
  });

  it('leaves the outcome open when nobody answers any more', async () => {
    const setup = await chainWorld();
    const { bytes, signatures, prepared } = await signed(setup);
    setup.world.chain.faults.set({ refuseRequests: 1_000_000 });
    expect(await errorOf(setup.chain.execute(bytes, signatures))).toMatchObject({
      code: 'outcome-unknown',
      detail: { digest: prepared.digest },
    });
    setup.world.chain.faults.clear();
    expect(await setup.chain.transaction(prepared.digest)).toBeUndefined();
    expect((await setup.chain.execute(bytes, signatures)).success).toBe(true);
  });

  it.each(['HTTP_429', 'HTTP_502', 'UNAVAILABLE', 'RESOURCE_EXHAUSTED'] as const)(
    'gets over an endpoint that answers %s',
    async (refuseAs) => {
      const setup = await chainWorld();
      const { bytes, signatures } = await signed(setup);
      setup.world.chain.faults.set({ refuseRequests: 1, refuseAs });
      expect((await setup.chain.execute(bytes, signatures)).success).toBe(true);
    },
  );

  it('says so when the bytes can never be executed', async () => {
    const setup = await chainWorld();
    const { bytes, signatures, prepared } = await signed(setup);
    await setup.approve(await setup.register(madeUpBlobs(2))); // uses up the coins
    const error = await errorOf(setup.chain.execute(bytes, signatures));
    expect(error).toMatchObject({
      code: 'transaction-refused',
      detail: { digest: prepared.digest },
    });
    expect(error.message).toMatch(/another transaction has used 0x/);
    expect(await setup.chain.transaction(prepared.digest)).toBeUndefined();
  });

  it('says so when the bytes have expired', async () => {
    const setup = await chainWorld();
    const { bytes, signatures } = await signed(setup);
    for (let epoch = 0; epoch < 2; epoch++) await setup.world.chain.advanceEpoch();
    const error = await errorOf(setup.chain.execute(bytes, signatures));
    expect(error.code).toBe('transaction-refused');
    expect(error.message).toMatch(/expired/);
  });

  it('refuses a signature of somebody else before it is sent', async () => {
    const setup = await chainWorld();
    const { bytes } = await signed(setup);
    const other = await signed(await chainWorld());
    const { signature } = await setup.person.signTransaction(other.bytes.slice(1));
    expect((await errorOf(setup.chain.execute(bytes, [signature]))).code).toBe(
      'transaction-refused',
    );
    expect(registrations(setup)).toBe(0);
  });

  it('refuses a signature of another account of the wallet before it is sent', async () => {
    const setup = await chainWorld();
    const { bytes, prepared } = await signed(setup);
    const { signature } = await new Ed25519Keypair().signTransaction(bytes);
    for (const foreign of [signature, zkLoginSignature()]) {
      const error = await errorOf(setup.chain.execute(bytes, [foreign]));
      expect(error).toMatchObject({
        code: 'transaction-refused',
        detail: { reason: 'the signature does not belong to it', digest: prepared.digest },
      });
    }
    expect(registrations(setup)).toBe(0);
  });

  it('does not call bytes dead because they are refused for now', async () => {
    const setup = await chainWorld({ clock: quickClock() });
    const { bytes, signatures } = await signed(setup);
    const [coin] = await setup.chain.coins(setup.address, 'wal');
    setup.world.chain.faults.set({ lockedObjects: [coin?.ref.objectId ?? ''] });
    expect((await errorOf(setup.chain.execute(bytes, signatures))).code).toBe('outcome-unknown');
    setup.world.chain.faults.clear();
    expect((await setup.chain.execute(bytes, signatures)).success).toBe(true);
  });

  it('does not call bytes dead on the word of one endpoint', async () => {
    const setup = await chainWorld();
    const { bytes, signatures } = await signed(setup);
    await setup.approve(await setup.register(madeUpBlobs(2))); // uses up the coins
    const silent = refusing(setup.transport, ['GetEpoch'], 'UNAVAILABLE');
    const client = setup.newClient([setup.transport, silent], quickClock());
    expect((await errorOf(client.execute(bytes, signatures))).code).toBe('outcome-unknown');
  });

  it('stops at once when it is told to', async () => {
    const setup = await chainWorld();
    const { bytes, signatures } = await signed(setup);
    const stop = new AbortController();
    setup.world.chain.faults.set({ refuseRequests: 1_000_000 });
    const going = errorOf(setup.chain.execute(bytes, signatures, stop.signal));
    stop.abort();
    expect((await going).code).toBe('aborted');
  });
});

describe('prepare', () => {
  it('waits for a full node that has not heard of the last transaction', async () => {
    const setup = await chainWorld();
    const { chain, world, page, address } = setup;
    const plan = await setup.register(madeUpBlobs(1));
    await chain.system();
    world.chain.faults.set({ staleReadMs: 1_000 });
    const { outcome } = await setup.approve(plan);
    const later = setTimeout(() => (world.clock.ms += 2_000), 700);
    const objects = outcome.registered.map(({ ref }) => ref);
    const prepared = await chain.prepare({
      ...{ kind: 'hand-over', sender: page.holder.address, objects, handOverTo: address },
    });
    clearTimeout(later);
    expect(prepared.gas.coins.length).toBe(1);
  });

  it('says at once that a person has too little', async () => {
    const { chain, register } = await chainWorld();
    const begin = systemClock.monotonic();
    const plan = await register(madeUpBlobs(1), { stipendMist: 10n ** 12n });
    expect((await errorOf(chain.prepare(plan))).code).toBe('sui-short');
    expect(systemClock.monotonic() - begin).toBeLessThan(20_000);
  });
});

describe('several endpoints', () => {
  it('go on without one that is down', async () => {
    const setup = await chainWorld({
      transports: (honest) => [
        refusing(honest, ['ExecuteTransaction', 'BatchGetObjects'], 'UNAVAILABLE'),
        honest,
      ],
    });
    const { outcome } = await setup.approve(await setup.register(madeUpBlobs(1)));
    expect(outcome.success).toBe(true);
  });

  it.each(['PERMISSION_DENIED', 'INVALID_ARGUMENT'])(
    'go on without one that refuses everything with %s',
    async (code) => {
      const methods = ['ExecuteTransaction', 'SimulateTransaction', 'ListOwnedObjects'];
      const setup = await chainWorld({
        transports: (honest) => [refusing(honest, methods, code), honest],
      });
      const { outcome } = await setup.approve(await setup.register(madeUpBlobs(1)));
      expect(outcome.success).toBe(true);
    },
  );

  it('go on without one of another network', async () => {
    const setup = await chainWorld();
    const stranger = await chainWorld();
    stranger.world.chain.faults.set({ chainId: 'another' });
    const two = setup.newClient([stranger.transport, setup.transport]);
    expect((await two.coins(setup.address, 'wal')).length).toBe(1);
  });

  it('that all refuse are believed', async () => {
    const setup = await chainWorld();
    const { bytes } = await signed(setup);
    const denying = refusing(setup.transport, ['SimulateTransaction'], 'PERMISSION_DENIED');
    const silent = refusing(setup.transport, ['SimulateTransaction'], 'UNAVAILABLE');
    for (const other of [denying, silent]) {
      const two = setup.newClient([denying, other], quickClock());
      expect((await errorOf(two.simulate(bytes))).code).toBe('transaction-refused');
    }
  });

  it('must all say that they do not know a transaction', async () => {
    const setup = await chainWorld();
    const { bytes, signatures, prepared } = await signed(setup);
    await setup.chain.execute(bytes, signatures);
    const denying = refusing(setup.transport, ['GetTransaction'], 'NOT_FOUND');
    const silent = refusing(setup.transport, ['GetTransaction'], 'UNAVAILABLE');
    const { digest } = prepared;
    const two = setup.newClient([denying, setup.transport]);
    expect((await two.transaction(digest))?.success).toBe(true);
    const unclear = setup.newClient([denying, silent]);
    expect((await errorOf(unclear.transaction(digest))).code).toBe('chain-unavailable');
    const both = setup.newClient([denying, denying]);
    expect(await both.transaction(digest)).toBeUndefined();
  });

  it('must all answer before an address is called empty', async () => {
    const setup = await chainWorld();
    const { transport, page, address } = setup;
    const silent = refusing(transport, ['ListOwnedObjects'], 'UNAVAILABLE');
    const holder = page.holder.address;
    expect((await setup.newClient([transport, transport]).holdings(holder)).blobs).toEqual([]);
    const one = setup.newClient([silent, transport]);
    expect((await errorOf(one.holdings(holder))).code).toBe('chain-unavailable');
    expect((await one.holdings(address)).suiCoins.length).toBe(1);
  });

  it('must all say that an object does not exist', async () => {
    const behind = await chainWorld();
    const setup = await chainWorld();
    const { outcome } = await setup.approve(await setup.register(madeUpBlobs(1)));
    const { objectId = '' } = outcome.registered[0]?.ref ?? {};
    const { transport } = behind;
    const two = setup.newClient([transport, setup.transport]);
    expect((await two.blob(objectId))?.owner).toBe(setup.page.holder.address);
    expect(await setup.newClient([transport, transport]).blob(objectId)).toBeUndefined();
    const silent = refusing(setup.transport, ['BatchGetObjects'], 'UNAVAILABLE');
    const unclear = setup.newClient([transport, silent]);
    expect((await errorOf(unclear.blob(objectId))).code).toBe('chain-unavailable');
  });

  it('must agree on the contract', async () => {
    const setup = await chainWorld();
    const other = await chainWorld(); // the same chain up to here
    await upgrade(other.world);
    const error = await errorOf(setup.newClient([setup.transport, other.transport]).system());
    expect(error.message).toMatch(/disagree on the contract/);
  });

  it('cannot each push time ahead: signatures live by the earliest epoch, and so do storages', async () => {
    const setup = await chainWorld();
    const ahead = await chainWorld(); // the same chain, an epoch later
    await ahead.world.chain.advanceEpoch();
    await epochsOf(ahead.world).advance();
    const two = setup.newClient([ahead.transport, setup.transport]);
    expect((await two.gas()).suiEpoch).toBe(0n);
    expect((await two.prepare(await setup.register(madeUpBlobs(1)))).expirationEpoch).toBe(1n);
    expect((await two.system()).epoch).toBe(2);
    expect((await two.system({ certain: true })).epoch).toBe(1);
    expect((await two.system()).epoch).toBe(2);
    // Further apart than any delay explains.
    await ahead.world.chain.advanceEpoch();
    await epochsOf(ahead.world).advance();
    const later = setup.newClient([ahead.transport, setup.transport]);
    expect((await errorOf(later.gas())).message).toMatch(/disagree on the epoch of Sui/);
    expect((await errorOf(later.system())).message).toMatch(/disagree on the epoch/);
  });

  it('must all answer where something is given up because an epoch is over', async () => {
    const setup = await chainWorld();
    const silent = refusing(setup.transport, ['GetEpoch', 'BatchGetObjects'], 'UNAVAILABLE');
    const two = setup.newClient([setup.transport, silent]);
    await two.gas();
    await two.system();
    const certain = { certain: true };
    expect((await errorOf(two.gas(certain))).code).toBe('chain-unavailable');
    expect((await errorOf(two.system(certain))).code).toBe('chain-unavailable');
  });

  it('must agree that a transaction is dead', async () => {
    const setup = await chainWorld();
    const { bytes } = await signed(setup);
    const behind = await chainWorld(); // has not seen what comes now
    await setup.approve(await setup.register(madeUpBlobs(2))); // uses up the coins
    const life = lifeOf(bytes);
    expect(await setup.chain.whyDead(life)).toMatch(/another transaction has used 0x/);
    const two = setup.newClient([setup.transport, behind.transport]);
    expect(await two.whyDead(life)).toBeUndefined();
  });

  it('are asked twice where there is only one', async () => {
    const setup = await chainWorld();
    const { bytes, signatures, prepared } = await signed(setup);
    await setup.chain.execute(bytes, signatures);
    setup.world.chain.faults.set({ denyReads: 1 });
    expect((await setup.chain.transaction(prepared.digest))?.success).toBe(true);
  });
});

describe('markers', () => {
  /** A full node that gives so many transactions at a time. */
  const inPagesOf = (limit: number, honest: RpcTransport): RpcTransport => ({
    ...refusing(honest, [], ''),
    serverStreaming(method, input, options) {
      const cut = { ...input, options: { ...(input as { options: object }).options, limit } };
      return honest.serverStreaming(method, cut as typeof input, options);
    },
  });

  it('are found behind any number of later transactions', async () => {
    const setup = await chainWorld();
    const { chain, network, wallet, address, page } = setup;
    await setup.approve(await setup.register(madeUpBlobs(1)));
    const contract = contractOf(network, await chain.system());
    for (let i = 0; i < 45; i++) {
      const plan = {
        kind: 'hand-over',
        sender: address,
        objects: [],
        handOverTo: address,
      } as const;
      const coins = (await chain.coins(address, 'sui')).map(({ ref }) => ref);
      const gas = { coins, priceMist: 1_000n, budgetMist: 10_000_000n };
      const bytes = await buildTransaction(plan, contract, gas, 1n);
      const { signature } = await wallet.sign(bytes, NEVER);
      await setup.world.chain.execute(bytes, [Buffer.from(signature, 'base64')]);
    }
    const client = setup.newClient([inPagesOf(1, setup.transport)]);
    const [marker, ...others] = await client.markers(address);
    expect(marker?.pagePublicKey).toEqual(page.pageKey.publicKey);
    expect(others).toEqual([]);
  });

  it('of a list that leads back to itself are no answer', async () => {
    const setup = await chainWorld();
    await setup.approve(await setup.register(madeUpBlobs(1)));
    const honest = inPagesOf(1, setup.transport);
    const circling = {
      ...honest,
      serverStreaming: ((method, input, options) => {
        const { options: page } = input as { options?: object };
        const first = { ...input, options: { ...page, before: undefined } };
        return honest.serverStreaming(method, first as typeof input, options);
      }) as RpcTransport['serverStreaming'],
    };
    const error = await errorOf(setup.newClient([circling]).markers(setup.address));
    expect(error.message).toMatch(/does not end/);
  });
});

describe('questions that make no sense', () => {
  it('end with errors of this library', async () => {
    const { chain } = await chainWorld();
    for (const read of [chain.coins('nobody', 'sui'), chain.holdings(''), chain.blob('0xzz')]) {
      expect((await errorOf(read)).code).toBe('chain-unavailable');
    }
  });
});

describe('over sockets', () => {
  it('everything goes through the URLs of the network, and past one where nobody listens', async () => {
    const setup = await chainWorld();
    const { network, handler, wallet } = setup;
    const server = await listen({ handler, port: 0, clock: systemClock });
    const dead = await listen({ handler, port: 0, clock: systemClock });
    await dead.close();
    const urls = { rpcUrl: dead.origin, moreRpcUrls: [server.origin] };
    const chain = createChainClient({ network: { ...network, ...urls }, clock: systemClock });
    const prepared = await chain.prepare(await setup.register(madeUpBlobs(1)));
    const { bytes, signature } = await wallet.sign(prepared.bytes, NEVER);
    expect((await chain.execute(bytes, [signature])).success).toBe(true);
    expect((await chain.nodes()).length).toBe(3);
    await server.close();
  });
});

describe('the view of the contract', () => {
  it('is read again when the epoch has ended, and then has the new one', async () => {
    const { chain, world } = await chainWorld();
    const first = await chain.system();
    expect(first).toMatchObject({ epoch: 1, shardCount: 13, maxEpochsAhead: 53 });
    expect(await chain.system()).toBe(first);
    expect((await chain.nodes()).map(({ shards }) => shards.length)).toEqual([9, 2, 2]);
    await epochsOf(world).advance();
    const next = await chain.system();
    expect(next.epoch).toBe(2);
    expect(next.epochEndsMs).toBeGreaterThan(first.epochEndsMs);
  });

  it('shows a certificate of the epoch before to be too old', async () => {
    const setup = await chainWorld();
    const { outcome } = await setup.approve(
      await setup.register(madeUpBlobs(1), { recipient: setup.address, stipendMist: 0n }),
    );
    const [{ ref, blobId } = { ref: undefined, blobId: '' }] = outcome.registered;
    if (ref === undefined) throw new Error('nothing was registered');
    const blobs = [setup.certified(ref, blobId, true)];
    const plan = { kind: 'certify', sender: setup.address, blobs, uncertified: [] } as const;
    const prepared = await setup.chain.prepare(plan);
    await epochsOf(setup.world).advance();
    const { failure } = await setup.chain.simulate(prepared.bytes);
    expect(failure && isOldCertificate(failure)).toBe(true);
    const fresh = [setup.certified(ref, blobId, true)];
    const again = await setup.approve({ ...plan, blobs: fresh });
    expect(again.outcome.success).toBe(true);
    expect((await setup.chain.blob(ref.objectId))?.certifiedEpoch).toBe(2);
  });
});
