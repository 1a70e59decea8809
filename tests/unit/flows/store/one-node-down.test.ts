import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { refusing } from '../../../support/chain/odd-nodes.ts';
import { bytesOf, memoryNetwork, quiet } from '../../../support/devnet/local-network.ts';
import { heldPuts } from '../../../support/flows/held-puts.ts';
import { HookedStore } from '../../../support/flows/hooked-store.ts';
import { holdersIn, judge } from '../../../support/flows/judge.ts';
import { countingWallet, localClient } from '../../../support/flows/local-client.ts';
import { quickClock } from '../../../support/quick-clock.ts';

const BLOB = bytesOf(555);
let network: LocalNetwork;
beforeEach(async () => {
  network = await memoryNetwork();
}, 60_000);
afterEach(() => network.close());

/** Two full nodes, of which the second one is gone from some moment on. */
function twoNodes() {
  const honest = network.life.node.transport;
  const gone = refusing(honest, 'all', 'UNAVAILABLE');
  let isGone = false;
  const second = new Proxy(honest, {
    get: (_, name) => {
      const now = isGone ? gone : honest;
      return Reflect.get(now, name).bind(now);
    },
  });
  const leave = () => {
    isGone = true;
  };
  return { rpc: [honest, second], leave };
}

describe('while one of two full nodes is gone', () => {
  it('an upload whose time is over ends: the person gets the blob as it is', async () => {
    const { rpc, leave } = twoNodes();
    const { open, onRequest } = heldPuts();
    const wallet = countingWallet(network);
    const clock = quickClock(100);
    const { client, store } = localClient({ network, wallet, rpc, clock, onRequest });
    const job = client.store(await client.quote([BLOB], { epochs: 1, deletable: true }));
    await expect.poll(() => job.snapshot.state).toBe('uploading');
    job.pause();
    await expect(job.result()).rejects.toMatchObject({ code: 'aborted' });
    open();
    leave();
    await network.epochs.advance();
    await quiet(network);
    job.resume();
    await job.result();
    expect(job.snapshot.state).toBe('cancelled');
    const [holder = ''] = await holdersIn(store);
    expect(judge(network).holdings(holder)).toBe(0);
    expect(judge(network).blobsOf(wallet.account()?.address ?? '')).toHaveLength(1);
  });

  it('a payment that failed is told at once', async () => {
    const { rpc, leave } = twoNodes();
    const clock = quickClock(100);
    const store = new HookedStore('signed', async () => {
      network.life.chain.faults.set({ failExecutions: [{ kind: 'InvariantViolation' }] });
      leave();
    });
    const { client } = localClient({ network, rpc, clock, store });
    const job = client.store(await client.quote([BLOB], { epochs: 3, deletable: true }));
    await expect(job.result()).rejects.toMatchObject({ code: 'transaction-refused' });
    expect(job.snapshot).toMatchObject({ state: 'awaiting-payment', paid: 'nothing' });
  });
});
