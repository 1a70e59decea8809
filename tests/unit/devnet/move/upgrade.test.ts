import { expect, test } from 'vitest';
import { callsOf, expectAbort } from '../../../support/devnet/walrus-calls.ts';
import { ALICE, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

test('an upgrade moves the state to the new version and shuts out the old one', async () => {
  const world = await WalrusWorld.open({ weights: [13] });
  const calls = callsOf(world);
  const reserve = () => world.run((tx) => tx.transferObjects([calls.reserve(tx, 1000, 1)], ALICE));
  const migrate = (id: string) =>
    world.run((tx) => {
      const args = [calls.staking(tx), calls.system(tx)];
      tx.moveCall({ target: `${id}::init::migrate_v2`, arguments: args });
    });
  const { packageId, upgradedPackageId, systemObjectId, stakingObjectId } = world.ids;
  const before = world.system;
  expect(world.read(systemObjectId)).toMatchObject({
    version: 3n,
    package_id: packageId,
    new_package_id: upgradedPackageId,
  });
  expectAbort(await migrate(packageId), 'staking', 0, 'migrate');
  const outcome = await migrate(upgradedPackageId);
  expect(world.events(outcome)).toEqual([
    { name: 'ContractUpgraded', value: { epoch: 1, package_id: upgradedPackageId, version: 4n } },
  ]);
  for (const id of [systemObjectId, stakingObjectId]) {
    expect(world.read(id)).toMatchObject({
      version: 4n,
      package_id: upgradedPackageId,
      new_package_id: null,
    });
  }
  expect(world.system).toEqual(before);
  expectAbort(await reserve(), 'system', 1);
  world.packageId = upgradedPackageId;
  expect((await reserve()).failure).toBeUndefined();
  expectAbort(await migrate(upgradedPackageId), 'staking', 0);
});
