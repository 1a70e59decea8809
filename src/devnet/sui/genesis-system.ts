import { Address, Empty, U64, VecMap } from '../../chain/layouts/base.ts';
import { SystemStateInner, Versioned } from '../../chain/layouts/system.ts';
import { seededId } from './faucet.ts';
import type { GenesisObjects, Typed } from './genesis-objects.ts';
import { CURRENT_VERSION, type GenesisPlan } from './genesis-plan.ts';
import { EXTENDED_KEY } from './move/extended-field.ts';
import type { Address as ObjectId, TypeTag } from './move/native.ts';
import { blsCommittee } from './move/staking-epoch.ts';
import { newRing } from './move/storage-accounting.ts';

const U64_NAME: Typed<bigint> = { type: 'u64', layout: U64 };

/** A shared object whose state is in the dynamic field named after its version. */
export function addVersioned<T>(
  objects: GenesisObjects,
  { ids }: GenesisPlan,
  id: ObjectId,
  type: TypeTag,
  inner: Typed<T>,
  state: T,
): void {
  const version = BigInt(CURRENT_VERSION);
  const value = {
    id,
    version,
    package_id: ids.packageId,
    new_package_id: ids.upgradedPackageId,
  };
  const owner = { kind: 'shared', initialVersion: 1n } as const;
  objects.add({ type, layout: Versioned }, value, owner);
  objects.field(id, U64_NAME, version, inner, state);
}

/** A value in a field of its own, as `extended_field::new`. */
export function addExtended<T>(
  objects: GenesisObjects,
  { seed, types }: GenesisPlan,
  name: string,
  value: Typed<T>,
  content: T,
): { id: ObjectId } {
  const id = seededId(seed, name);
  const key = { type: types.extendedKey, layout: Empty };
  objects.field(id, key, EXTENDED_KEY, value, content);
  return { id };
}

export function addSystem(objects: GenesisObjects, plan: GenesisPlan): void {
  const { types, ids, epoch } = plan;
  const members = plan.nodes.map(({ nodeId, publicKey, shards }) => ({
    public_key: { bytes: publicKey },
    weight: shards.length,
    node_id: nodeId,
  }));
  const sizes = { type: types.sizes, layout: VecMap(Address, U64) };
  const state: SystemStateInner = {
    committee: blsCommittee(epoch, members),
    total_capacity_size: plan.capacity,
    used_capacity_size: 0n,
    storage_price_per_unit_size: plan.storagePrice,
    write_price_per_unit_size: plan.writePrice,
    future_accounting: newRing(epoch, plan.maxEpochsAhead),
    event_blob_certification_state: {
      latest_certified_blob: null,
      aggregate_weight_per_blob: { contents: [] },
    },
    deny_list_sizes: addExtended(objects, plan, 'deny list sizes', sizes, { contents: [] }),
  };
  const inner = { type: types.systemInner, layout: SystemStateInner };
  addVersioned(objects, plan, ids.systemObjectId, types.system, inner, state);
}
