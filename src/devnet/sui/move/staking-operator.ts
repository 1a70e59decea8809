/** The functions of `staking` by which operators look after their nodes. */
import type { NodeMetadata, StakingPool, StorageNodeCap } from '../../../chain/layouts/staking.ts';
import type { Versioned } from '../../../chain/layouts/system.ts';
import { type Call, moduleOf } from './call.ts';
import { type MoveType, type NativeFunction, TX_CONTEXT } from './native.ts';
import { stakingMut } from './staking.ts';
import { poolMut, registerCandidate } from './staking-inner.ts';
import { checkAddress, checkName, setNextCommission, setNextKey } from './staking-pool.ts';
import { checkNetworkKey, setNodeMetadata } from './storage-node.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

export function operatorFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'staking');
  const { text, bytes, nodeCap, nodeMetadata } = types;
  const write = mut(types.staking);
  /** A function that changes the pool of the node whose cap is shown. */
  const setter = <Value>(
    name: string,
    type: MoveType,
    set: (call: Call, pool: StakingPool, value: Value) => void,
  ): NativeFunction =>
    define(name, {
      parameters: [write, ref(nodeCap), type],
      run: (call, self: Versioned, cap: StorageNodeCap, value: Value) =>
        set(call, poolMut(call, stakingMut(call, self), cap.node_id), value),
    });
  return [
    define('register_candidate', {
      parameters: [
        ...[write, text, text, nodeMetadata, bytes, bytes, bytes],
        ...(['u16', 'u64', 'u64', 'u64'] as const),
        TX_CONTEXT,
      ],
      returns: [nodeCap],
      run: (
        call,
        self: Versioned,
        name: string,
        networkAddress: string,
        metadata: NodeMetadata,
        publicKey: Uint8Array,
        networkPublicKey: Uint8Array,
        proofOfPossession: Uint8Array,
        commissionRate: number,
        storagePrice: bigint,
        writePrice: bigint,
        nodeCapacity: bigint,
      ) =>
        registerCandidate(call, stakingMut(call, self), {
          ...{ name, networkAddress, metadata, publicKey, networkPublicKey, proofOfPossession },
          ...{ commissionRate, storagePrice, writePrice, nodeCapacity },
        }),
    }),
    setter<bigint>('set_storage_price_vote', 'u64', (_, { voting_params }, price) => {
      voting_params.storage_price = price;
    }),
    setter<bigint>('set_write_price_vote', 'u64', (_, { voting_params }, price) => {
      voting_params.write_price = price;
    }),
    setter<bigint>('set_node_capacity_vote', 'u64', (_, { voting_params }, capacity) => {
      voting_params.node_capacity = capacity;
    }),
    define('set_next_commission', {
      parameters: [write, ref(nodeCap), 'u16'],
      run: (call, self: Versioned, cap: StorageNodeCap, rate: number) => {
        const inner = stakingMut(call, self);
        setNextCommission(call, poolMut(call, inner, cap.node_id), rate, inner.epoch);
      },
    }),
    define('set_next_public_key', {
      parameters: [write, ref(nodeCap), bytes, bytes, TX_CONTEXT],
      run: (
        call,
        self: Versioned,
        cap: StorageNodeCap,
        publicKey: Uint8Array,
        proof: Uint8Array,
      ) => {
        const inner = stakingMut(call, self);
        setNextKey(call, poolMut(call, inner, cap.node_id), publicKey, proof, inner.epoch);
      },
    }),
    setter<string>('set_name', text, (call, { node_info }, name) => {
      checkName(call, name, 'set_name');
      node_info.name = name;
    }),
    setter<string>('set_network_address', text, (call, { node_info }, address) => {
      checkAddress(call, address, 'set_network_address');
      node_info.network_address = address;
    }),
    setter<Uint8Array>('set_network_public_key', bytes, (call, { node_info }, key) => {
      checkNetworkKey(call, key, 'set_network_public_key');
      node_info.network_public_key = key;
    }),
    setter<NodeMetadata>('set_node_metadata', nodeMetadata, (call, { node_info }, metadata) =>
      setNodeMetadata(call, node_info, metadata),
    ),
  ];
}
