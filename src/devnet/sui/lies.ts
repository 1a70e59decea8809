import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { Field, U64 } from '../../chain/layouts/base.ts';
import { StakingPool } from '../../chain/layouts/staking.ts';
import { SystemStateInner, Versioned } from '../../chain/layouts/system.ts';
import type { ChainFaultSettings } from './faults.ts';
import type { WalrusIds } from './genesis-plan.ts';
import type { ObjectReader } from './ledger/object-store.ts';
import type { Address } from './move/native.ts';

type Forged = ChainFaultSettings['forged'];

const SystemField = Field(U64, SystemStateInner);
const MAX = { maxSize: 1 << 20 };

/** A full node that names another package to call: the money of a client that believes it is at risk. */
export function falsePackage(
  { systemObjectId, stakingObjectId }: WalrusIds,
  packageId: Address,
): Forged {
  const forge = (contents: Uint8Array) => {
    const honest = Versioned.parse(contents);
    return Versioned.serialize({ ...honest, package_id: packageId }).toBytes();
  };
  return { [systemObjectId]: forge, [stakingObjectId]: forge };
}

/** A full node that names other keys of the nodes: real confirmations look false, false ones real. */
export function falseKeys(
  objects: ObjectReader,
  ids: WalrusIds,
  keyOf: (nodeId: Address) => Uint8Array,
): Forged {
  const fieldId = systemFieldId(objects, ids);
  const inner = objects.get(fieldId);
  const { members } = SystemField.parse(inner?.contents ?? new Uint8Array()).value.committee;
  const forged: Record<Address, (contents: Uint8Array) => Uint8Array> = {
    [fieldId]: (contents) => {
      const honest = SystemField.parse(contents);
      for (const member of honest.value.committee.members) {
        member.public_key = { bytes: keyOf(member.node_id) };
      }
      return SystemField.serialize(honest, MAX).toBytes();
    },
  };
  for (const { node_id: nodeId } of members) {
    forged[nodeId] = changedPool((pool) => {
      pool.node_info.public_key = { bytes: keyOf(nodeId) };
    });
  }
  return forged;
}

/** A full node that sends clients to other hosts. */
export function falseAddresses(addresses: ReadonlyMap<Address, string>): Forged {
  const entries = [...addresses].map(([nodeId, networkAddress]) => [
    nodeId,
    changedPool((pool) => {
      pool.node_info.network_address = networkAddress;
    }),
  ]);
  return Object.fromEntries(entries);
}

/** A full node that tells other prices than the contract charges. */
export function falsePrices(
  objects: ObjectReader,
  ids: WalrusIds,
  prices: { storage: bigint; write: bigint },
): Forged {
  const forge = (contents: Uint8Array) => {
    const honest = SystemField.parse(contents);
    honest.value.storage_price_per_unit_size = prices.storage;
    honest.value.write_price_per_unit_size = prices.write;
    return SystemField.serialize(honest, MAX).toBytes();
  };
  return { [systemFieldId(objects, ids)]: forge };
}

/** The object with the state of System. */
function systemFieldId(objects: ObjectReader, { systemObjectId }: WalrusIds): Address {
  const { version } = Versioned.parse(objects.get(systemObjectId)?.contents ?? new Uint8Array());
  return deriveDynamicFieldID(systemObjectId, 'u64', U64.serialize(version).toBytes());
}

function changedPool(change: (pool: typeof StakingPool.$inferType) => void) {
  return (contents: Uint8Array): Uint8Array => {
    const pool = StakingPool.parse(contents);
    change(pool);
    return StakingPool.serialize(pool, MAX).toBytes();
  };
}
