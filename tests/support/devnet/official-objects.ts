import { bcs } from '@mysten/sui/bcs';
import { ClientCache } from '@mysten/sui/client';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import { Field, U64 } from '../../../src/chain/layouts/base.ts';
import { StakingInner, StakingPool } from '../../../src/chain/layouts/staking.ts';
import { SystemStateInner, Versioned } from '../../../src/chain/layouts/system.ts';
import type { ChainCommittee, ChainState } from '../../../src/devnet/chain-port.ts';
import { objectIdOf } from './chain-double.ts';

export const SYSTEM_ID = objectIdOf('system');
export const STAKING_ID = objectIdOf('staking');
const PACKAGE_ID = objectIdOf('package');
const VERSION = 3n;
const ZERO = `0x${'0'.repeat(64)}`;

/**
 * As much of a Sui client as the official package needs to know a committee: it answers `getObjects` from a state that
 * may change between calls.
 */
export function officialClient(state: () => ChainState) {
  return {
    network: 'localnet',
    cache: new ClientCache({}),
    core: {
      async getObjects({ objectIds }: { objectIds: readonly string[] }) {
        const known = objectsOf(state());
        const objects = objectIds.map((objectId) => {
          const found = known.get(objectId);
          return found === undefined ? new Error(`no object ${objectId}`) : { objectId, ...found };
        });
        return { objects };
      },
    },
  };
}

function objectsOf(state: ChainState): Map<string, { type: string; content: Uint8Array }> {
  const { current, previous, epoch, shardCount } = state;
  const objects = new Map<string, { type: string; content: Uint8Array }>();
  const put = (id: string, type: string, content: Uint8Array) => objects.set(id, { type, content });
  const versioned = (id: string) =>
    Versioned.serialize({
      id,
      version: VERSION,
      package_id: PACKAGE_ID,
      new_package_id: null,
    }).toBytes();
  const fieldId = (parent: string) =>
    deriveDynamicFieldID(parent, 'u64', bcs.u64().serialize(VERSION).toBytes());
  put(SYSTEM_ID, `${PACKAGE_ID}::system::System`, versioned(SYSTEM_ID));
  put(STAKING_ID, `${PACKAGE_ID}::staking::Staking`, versioned(STAKING_ID));
  const systemField = Field(U64, SystemStateInner).serialize({
    id: fieldId(SYSTEM_ID),
    name: VERSION,
    value: {
      committee: {
        members: current.members.map(({ publicKey, weight, nodeId }) => {
          return { public_key: { bytes: publicKey }, weight, node_id: nodeId };
        }),
        n_shards: shardCount,
        epoch,
        total_aggregated_key: { bytes: new Uint8Array(48) },
      },
      total_capacity_size: 1n << 50n,
      used_capacity_size: 0n,
      storage_price_per_unit_size: 100n,
      write_price_per_unit_size: 20n,
      future_accounting: { current_index: 0, length: 0, ring_buffer: [] },
      event_blob_certification_state: {
        latest_certified_blob: null,
        aggregate_weight_per_blob: { contents: [] },
      },
      deny_list_sizes: { id: ZERO },
    },
  } as never);
  put(fieldId(SYSTEM_ID), 'field', systemField.toBytes());
  const epochState =
    state.epochState.kind === 'sync'
      ? { EpochChangeSync: state.epochState.weight }
      : { EpochChangeDone: 1n };
  const stakingField = Field(U64, StakingInner).serialize({
    id: fieldId(STAKING_ID),
    name: VERSION,
    value: {
      n_shards: shardCount,
      epoch_duration: 1_000n,
      first_epoch_start: 0n,
      pools: { id: ZERO, size: BigInt(current.members.length) },
      epoch,
      active_set: { id: ZERO },
      next_committee: null,
      committee: shardsOf(current),
      previous_committee: shardsOf(previous),
      next_epoch_params: null,
      epoch_state: epochState,
      next_epoch_public_keys: { id: ZERO },
    },
  } as never);
  put(fieldId(STAKING_ID), 'field', stakingField.toBytes());
  for (const member of [...current.members, ...(previous?.members ?? [])]) {
    const pool = StakingPool.serialize({
      id: member.nodeId,
      state: { Active: null },
      voting_params: { storage_price: 1n, write_price: 1n, node_capacity: 1n },
      node_info: {
        name: member.name,
        node_id: member.nodeId,
        network_address: member.networkAddress,
        public_key: { bytes: member.publicKey },
        next_epoch_public_key: null,
        network_public_key: new Uint8Array(33),
        metadata: { id: ZERO },
      },
      activation_epoch: 0,
      latest_epoch: epoch,
      wal_balance: 0n,
      num_shares: 0n,
      pending_shares_withdraw: { contents: [] },
      pre_active_withdrawals: { contents: [] },
      pending_commission_rate: { contents: [] },
      commission_rate: 0,
      exchange_rates: { id: ZERO, size: 0n },
      pending_stake: { contents: [] },
      rewards_pool: { value: 0n },
      commission: { value: 0n },
      commission_receiver: { Address: ZERO },
      governance_authorized: { Address: ZERO },
      extra_fields: { id: ZERO, size: 0n },
    } as never);
    put(member.nodeId, `${PACKAGE_ID}::staking_pool::StakingPool`, pool.toBytes());
  }
  return objects;
}

function shardsOf(committee: ChainCommittee | undefined) {
  const contents = (committee?.members ?? []).map(({ nodeId, shards }) => {
    return { key: nodeId, value: [...shards] };
  });
  return { contents };
}
