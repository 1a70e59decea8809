import { SuiGrpcClient } from '@mysten/sui/grpc';
import { WalrusClient } from '@mysten/walrus';
import { expect, it } from 'vitest';
import { StakingPool } from '../../../../src/chain/layouts/staking.ts';
import { fullNode } from '../../../../src/devnet/sui/full-node.ts';
import {
  falseAddresses,
  falseKeys,
  falsePackage,
  falsePrices,
} from '../../../../src/devnet/sui/lies.ts';
import { publicKeyOf } from '../../../../src/protocol/certificate.ts';
import { secretKey, WalrusWorld } from '../../../support/devnet/walrus-world.ts';

it('makes the official client believe a false package, keys, addresses and prices', async () => {
  const world = await WalrusWorld.open();
  const { chain, ids } = world;
  const suiClient = new SuiGrpcClient({
    network: 'testnet',
    transport: fullNode(chain, world.clock).transport,
  });
  const packageConfig = { systemObjectId: ids.systemObjectId, stakingPoolId: ids.stakingObjectId };
  const victim = world.signers[0]?.nodeId as string;
  const read = async () => {
    const walrus = new WalrusClient({ suiClient, packageConfig });
    const { package_id: packageId } = await walrus.systemObject();
    const system = await walrus.systemState();
    const { object } = await suiClient.core.getObject({
      objectId: victim,
      include: { content: true },
    });
    const { node_info: info } = StakingPool.parse(object.content as Uint8Array);
    return { packageId, system, address: info.network_address };
  };
  const honest = await read();
  const { objects } = chain.ledger;
  const evil = `0x${'e'.repeat(64)}`;
  const key = publicKeyOf(secretKey(99)).uncompressed;
  chain.faults.set({
    forged: {
      ...falsePackage(ids, evil),
      ...falseKeys(objects, ids, () => key),
      ...falseAddresses(new Map([[victim, 'evil.test:1']])),
    },
  });
  const lied = await read();
  expect(honest.packageId).toBe(ids.packageId);
  expect(lied.packageId).toBe(evil);
  expect(lied.address).toBe('evil.test:1');
  expect(
    lied.system.committee.members.map((member) => Uint8Array.from(member.public_key.bytes)),
  ).toEqual(world.signers.map(() => key));
  chain.faults.set({ forged: falsePrices(objects, ids, { storage: 7n, write: 9n }) });
  expect((await read()).system).toMatchObject({
    storage_price_per_unit_size: '7',
    write_price_per_unit_size: '9',
  });
  expect(world.system.storage_price_per_unit_size).toBe(100_000n);
  chain.faults.clear();
  expect(await read()).toEqual(honest);
  expect(chain.faults.counts['forged']).toBeGreaterThan(3);
});
