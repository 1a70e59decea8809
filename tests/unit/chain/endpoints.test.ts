import { describe, expect, it } from 'vitest';
import { createChainClient } from '../../../src/chain/create-chain-client.ts';
import { lifeOf } from '../../../src/chain/why-dead.ts';
import { listen } from '../../../src/devnet/http.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import {
  chainWorld,
  errorOf,
  madeUpBlobs,
  signed,
  upgrade,
} from '../../support/chain/chain-world.ts';
import { refusing } from '../../support/chain/odd-nodes.ts';
import { epochsOf } from '../../support/devnet/walrus-epochs.ts';
import { quickClock } from '../../support/quick-clock.ts';

const NEVER = new AbortController().signal;

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
      const two = setup.newClient([denying, other], quickClock(20));
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
