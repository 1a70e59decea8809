import type { SuiGrpcClient } from '@mysten/sui/grpc';
import { deriveDynamicFieldID } from '@mysten/sui/utils';
import type { LeavingNode, NodeView, SystemView } from './chain-client.ts';
import { committeeOf } from './committee.ts';
import { Field, U64 } from './layouts/base.ts';
import {
  type StakingInner,
  StakingInner as StakingLayout,
  StakingPool,
} from './layouts/staking.ts';
import { SystemStateInner, Versioned } from './layouts/system.ts';
import type { NetworkInfo } from './network-info.ts';
import { malformed, parseObject } from './parse-object.ts';

const SystemField = Field(U64, SystemStateInner);
const StakingField = Field(U64, StakingLayout);

/** The contract's state as one full node tells it. */
export async function readSystem(
  client: SuiGrpcClient,
  network: NetworkInfo,
  signal: AbortSignal,
): Promise<{ view: SystemView; staking: StakingInner }> {
  const ids = [network.systemObjectId, network.stakingObjectId];
  const [system, staking] = await readAll(client, ids, signal);
  if (system?.owner.$kind !== 'Shared' || staking === undefined) throw malformed();
  const versions = [system, staking].map(({ content }) => parseObject(Versioned, content));
  const inner = await readAll(
    client,
    ids.map((id, i) => fieldId(id, versions[i]?.version ?? 0n)),
    signal,
  );
  const state = parseObject(SystemField, inner[0]?.content).value;
  const stakingState = parseObject(StakingField, inner[1]?.content).value;
  const [outer] = versions;
  if (outer === undefined) throw malformed();
  const { package_id: callId, version } = outer;
  const [originalId = ''] = system.type.split('::');
  const { future_accounting: future } = state;
  const view: SystemView = {
    epoch: state.committee.epoch,
    changing: stakingState.epoch_state.$kind === 'EpochChangeSync',
    ...epochTimes(stakingState),
    shardCount: state.committee.n_shards,
    committee: committeeOf(state.committee),
    storagePriceFrost: state.storage_price_per_unit_size,
    writePriceFrost: state.write_price_per_unit_size,
    maxEpochsAhead: future.length,
    capacityBytes: state.total_capacity_size,
    usedBytes: future.ring_buffer.map(
      (_, i) => future.ring_buffer[(future.current_index + i) % future.length]?.used_capacity ?? 0n,
    ),
    packages: {
      originalId,
      callId,
      version: version.toString(),
      walType: network.walType,
      systemInitialVersion: system.owner.Shared.initialSharedVersion,
      isKnown: [network.packageId, ...(network.morePackageIds ?? [])].includes(callId),
    },
  };
  return { view, staking: stakingState };
}

/** The storage nodes of the current epoch, in the order of the committee. */
export async function readNodes(
  client: SuiGrpcClient,
  { view, staking }: { view: SystemView; staking: StakingInner },
  signal: AbortSignal,
): Promise<readonly NodeView[]> {
  const { members } = view.committee;
  const pools = await readAll(
    client,
    members.map(({ nodeId }) => nodeId),
    signal,
  );
  const shards = shardsByNode(staking.committee);
  return members.map(({ nodeId, publicKey }, memberIndex) => {
    const { name, network_address: networkAddress } = parseObject(
      StakingPool,
      pools[memberIndex]?.content,
    ).node_info;
    const own = shards.get(nodeId) ?? [];
    return { nodeId, name, networkAddress, publicKey, memberIndex, shards: own };
  });
}

/** The storage nodes of the epoch before, with the shards that they had then. */
export async function readLeavingNodes(
  client: SuiGrpcClient,
  { previous_committee }: StakingInner,
  signal: AbortSignal,
): Promise<readonly LeavingNode[]> {
  const shards = shardsByNode(previous_committee);
  const nodeIds = [...shards.keys()];
  if (nodeIds.length === 0) return [];
  const pools = await readAll(client, nodeIds, signal);
  return nodeIds.map((nodeId, i) => {
    const { network_address: networkAddress } = parseObject(
      StakingPool,
      pools[i]?.content,
    ).node_info;
    return { nodeId, networkAddress, shards: shards.get(nodeId) ?? [] };
  });
}

/** Ascending shards by node ID. */
function shardsByNode({ contents }: StakingInner['committee']): Map<string, readonly number[]> {
  return new Map(contents.map(({ key, value }) => [key, [...value].sort((a, b) => a - b)]));
}

async function readAll(client: SuiGrpcClient, objectIds: string[], signal: AbortSignal) {
  const { objects } = await client.core.getObjects({
    ...{ objectIds, signal },
    include: { content: true },
  });
  return objects.map((object) => {
    if (object instanceof Error) throw object;
    return object;
  });
}

function epochTimes({ epoch_duration, epoch_state, first_epoch_start, epoch }: StakingInner) {
  const duration = Number(epoch_duration);
  const started =
    epoch_state.EpochChangeDone ??
    epoch_state.NextParamsSelected ??
    first_epoch_start + BigInt(Math.max(epoch - 1, 0)) * epoch_duration;
  return { epochDurationMs: duration, epochEndsMs: Number(started) + duration };
}

const fieldId = (parent: string, version: bigint) =>
  deriveDynamicFieldID(parent, 'u64', U64.serialize(version).toBytes());
