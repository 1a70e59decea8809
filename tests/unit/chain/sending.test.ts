import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { getZkLoginSignature } from '@mysten/sui/zklogin';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/workers/doors.ts';
import {
  type ChainWorld,
  chainWorld,
  errorOf,
  madeUpBlobs,
  signed,
} from '../../support/chain/chain-world.ts';
import { refusing } from '../../support/chain/odd-nodes.ts';
import { quickClock } from '../../support/quick-clock.ts';

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
    const setup = await chainWorld({ clock: quickClock(100) });
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
    const client = setup.newClient([setup.transport, silent], quickClock(100));
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
