import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/devnet/seeded-random.ts';
import type { Outcome } from '../../../../src/devnet/sui/execute/run.ts';
import type { Random } from '../../../../src/protocol/ports.ts';
import { callsOf, madeUp } from '../../../support/devnet/walrus-calls.ts';
import { countWal, epochsOf, walSupply } from '../../../support/devnet/walrus-epochs.ts';
import { ALICE, HOUR_MS, WAL, WalrusWorld } from '../../../support/devnet/walrus-world.ts';
import { SEED, SOAK } from '../../../support/seed.ts';

/** People and nodes who do one thing after another, allowed or not. */
function walkersOf(world: WalrusWorld, random: Random) {
  const calls = callsOf(world);
  const epochs = epochsOf(world);
  let hash = 1n;
  const one = <T>(list: readonly T[]): T | undefined => list[random.below(list.length)];
  const mine = (type: { module: string; name: string }) =>
    one(world.owned(ALICE, type as never))?.id;
  const number = (limit: number) => random.below(limit);
  const node = () => number(world.signers.length);
  const blobCall = (name: string, more: (tx: Tx) => unknown[], returns = false) => {
    const id = mine(world.types.blob);
    if (id === undefined) return undefined;
    return world.run((tx) => {
      const args = [calls.system(tx), world.input(tx, id), ...more(tx)];
      const result = world.call(tx, `system::${name}`, args as never);
      if (returns) tx.transferObjects([result], ALICE);
    });
  };
  const stakeCall = (work: (id: string) => Promise<Outcome>) => {
    const id = number(3) === 0 ? world.nodeStake(node()) : mine(world.types.stakedWal);
    return id === undefined || world.chain.ledger.objects.get(id) === undefined
      ? undefined
      : work(id);
  };
  const steps: (() => Promise<Outcome> | undefined)[] = [
    () => {
      const blob = madeUp(hash++, BigInt(number(100_000)));
      return world.run((tx) => {
        const storage = calls.reserve(tx, blob.encoded + BigInt(number(3)) - 1n, number(5));
        const options = { deletable: number(2) === 0 };
        tx.transferObjects([calls.register(tx, storage, blob, options)], ALICE);
      });
    },
    () =>
      world.run((tx) =>
        tx.transferObjects([calls.reserve(tx, number(5_000_000), 1 + number(4))], ALICE),
      ),
    () => blobCall('delete_blob', () => [], true),
    () => blobCall('extend_blob', (tx) => [tx.pure.u32(number(4)), calls.wal(tx)]),
    () => {
      const id = mine(world.types.blob);
      return id && world.read(id).certified_epoch === null && number(3) === 0
        ? world.run((tx) => calls.certify(tx, id, world.certificate(calls.messageFor(id))))
        : undefined;
    },
    () => {
      const id = mine(world.types.storage);
      return id
        ? world.run((tx) => {
            const args = [world.input(tx, id), tx.pure.u64(number(1000))];
            const rest = world.call(tx, 'storage_resource::split_by_size', args);
            tx.transferObjects([rest], ALICE);
          })
        : undefined;
    },
    () => epochs.stake(world.nodeId(node()), WAL + BigInt(number(2 ** 40))),
    () => stakeCall(epochs.requestWithdraw),
    () => stakeCall(epochs.withdraw),
    () =>
      epochs.asNode(node(), one(['set_storage_price_vote', 'set_write_price_vote']) ?? '', (tx) => [
        tx.pure.u64(number(300_000)),
      ]),
    () => epochs.asNode(node(), 'set_next_commission', (tx) => [tx.pure.u16(number(10_001))]),
    () => epochs.updatePrices(),
  ];
  return { step: () => one(steps)?.(), epochs };
}
type Tx = Parameters<Parameters<WalrusWorld['run']>[0]>[0];

function checkInvariants(world: WalrusWorld): void {
  expect(countWal(world)).toBe(walSupply(world));
  const { committee, n_shards } = world.staking;
  const entries: { key: string; value: number[] }[] = committee.contents;
  const shards = entries.flatMap(({ value }) => value).sort((a, b) => a - b);
  expect(shards).toEqual(Array.from({ length: n_shards }, (_, i) => i));
  const members: { node_id: string; weight: number }[] = world.system.committee.members;
  expect(members.map(({ node_id, weight }) => [node_id, weight])).toEqual(
    entries.map(({ key, value }) => [key, value.length]),
  );
  expect(entries.map(({ key }) => key)).toEqual(entries.map(({ key }) => key).sort());
  const set = world.read(
    world.chain.ledger.objects.ownedBy(world.staking.active_set.id)[0]?.id ?? '',
  ).value;
  const sum = set.nodes.reduce(
    (all: bigint, n: { staked_amount: bigint }) => all + n.staked_amount,
    0n,
  );
  expect(set.total_stake).toBe(sum);
}

const seeds = Array.from({ length: SOAK ? 200 : 1 }, (_, i) => SEED + i);

test.each(seeds)('no WAL and no shard gets lost (seed %i)', async (seed) => {
  const stakePerShard = 50n * WAL;
  const world = await WalrusWorld.open({ epochDurationMs: HOUR_MS, stakePerShard });
  const { step, epochs } = walkersOf(world, seededRandom(`${seed}`, 'walk'));
  let done = 0;
  for (let epoch = 0; epoch < 6; epoch++) {
    for (let i = 0; i < 25; i++) {
      const outcome = await step();
      if (outcome && outcome.failure === undefined) done += 1;
    }
    await epochs.advance().catch((error) => {
      // If everybody withdrew there is nobody to select.
      expect(`${error}`).toContain('staking_inner::dhondt');
    });
    checkInvariants(world);
  }
  expect(done).toBeGreaterThan(30); // of 150 attempts
  // The log gives the same chain again, effect by effect.
  const again = await world.reopen();
  expect(again.ledger.latest.digest).toBe(world.chain.ledger.latest.digest);
});
