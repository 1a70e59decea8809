import { expect, test } from 'vitest';
import { callsOf, expectAbort, madeUp } from '../../../support/devnet/walrus-calls.ts';
import { ALICE, BOB, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

test('a shared blob is funded and extended by anyone', async () => {
  const world = await WalrusWorld.open();
  const calls = callsOf(world);
  const id = await calls.newBlob(madeUp(1n));
  await calls.certifyBlob(id);
  const shared = await world.mustRun((tx) => {
    const [funds] = tx.splitCoins(calls.wal(tx), [150_000n]);
    if (funds === undefined) throw new Error('no coin');
    world.call(tx, 'shared_blob::new_funded', [world.input(tx, id), funds]);
  });
  const created = shared.changes.find(({ after }) => after?.type.endsWith('::SharedBlob'));
  const sharedId = created?.id ?? '';
  expect(created?.after?.owner).toEqual({ kind: 'shared', initialVersion: shared.version });
  expect(world.chain.ledger.objects.get(id)).toBeUndefined(); // wrapped
  expect(world.read(sharedId)).toMatchObject({ funds: { value: 150_000n }, blob: { id } });

  const extend = (epochs: number) =>
    world.run((tx) => {
      const args = [world.input(tx, sharedId), calls.system(tx), tx.pure.u32(epochs)];
      world.call(tx, 'shared_blob::extend', args);
    }, BOB);
  expectAbort(await extend(2), 'balance', 2, 'split');
  expect((await extend(1)).failure).toBeUndefined();
  expect(world.read(sharedId)).toMatchObject({
    funds: { value: 50_000n },
    blob: { storage: { end_epoch: 4 } },
  });

  const fund = await world.run((tx) => {
    const [more] = tx.splitCoins(world.input(tx, world.coin(BOB)), [50_000n]);
    if (more === undefined) throw new Error('no coin');
    world.call(tx, 'shared_blob::fund', [world.input(tx, sharedId), more]);
  }, BOB);
  expect(fund.failure).toBeUndefined();
  expect((await extend(1)).failure).toBeUndefined();
  expect(world.read(sharedId).funds.value).toBe(0n);
});

test('a shared blob that was not certified before never can be', async () => {
  const world = await WalrusWorld.open();
  const calls = callsOf(world);
  const id = await calls.newBlob(madeUp(1n));
  const shared = await world.mustRun((tx) =>
    world.call(tx, 'shared_blob::new', [world.input(tx, id)]),
  );
  const sharedId = shared.changes.find(({ after }) => after?.type.endsWith('::SharedBlob'))?.id;
  const outcome = await world.run((tx) => {
    const args = [world.input(tx, sharedId ?? ''), calls.system(tx), tx.pure.u32(1)];
    world.call(tx, 'shared_blob::extend', args);
  }, ALICE);
  expectAbort(outcome, 'blob', 0);
});
