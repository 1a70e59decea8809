import type {
  NodeMetadata,
  StorageNodeCap,
  StorageNodeInfo,
} from '../../../chain/layouts/staking.ts';
import { uncompressKey } from '../../../protocol/certificate.ts';
import { type Call, check, moduleOf } from './call.ts';
import { borrowField, newField } from './extended-field.ts';
import type { Address, NativeFunction } from './native.ts';
import { mut, ref, type WalrusTypes } from './types.ts';
import { emptyMap } from './vec-map.ts';

const NETWORK_KEY_BYTES = 33;
const INVALID_NETWORK_KEY = 0;
const INVALID_POINT = 0; // of 0x2::group_ops

export interface NodeDescription {
  readonly name: string;
  readonly networkAddress: string;
  readonly metadata: NodeMetadata;
  /** 48 bytes */
  readonly publicKey: Uint8Array;
  /** 33 bytes */
  readonly networkPublicKey: Uint8Array;
}

export function newNodeInfo(call: Call, nodeId: Address, node: NodeDescription): StorageNodeInfo {
  checkNetworkKey(call, node.networkPublicKey, 'new');
  return {
    name: node.name,
    node_id: nodeId,
    network_address: node.networkAddress,
    public_key: toElement(call, node.publicKey),
    next_epoch_public_key: null,
    network_public_key: node.networkPublicKey,
    metadata: newField(call, call.types.nodeMetadata, node.metadata),
  };
}

export function newCap(call: Call, nodeId: Address): StorageNodeCap {
  return {
    id: call.context.freshId(),
    node_id: nodeId,
    last_epoch_sync_done: 0,
    last_event_blob_attestation: null,
    deny_list_root: 0n,
    deny_list_sequence: 0n,
    deny_list_size: 0n,
  };
}

/** A point of G1 as the contract keeps it: 96 bytes. */
export function toElement(call: Call, compressed: Uint8Array): { bytes: Uint8Array } {
  const bytes = compressed.length === 48 ? uncompressKey(compressed) : undefined;
  if (bytes === undefined) {
    return call.context.abort('0x2::group_ops', INVALID_POINT, 'from_bytes');
  }
  return { bytes };
}

export function checkNetworkKey(call: Call, key: Uint8Array, functionName: string): void {
  const fits = key.length === NETWORK_KEY_BYTES;
  check(call, fits, 'storage_node', INVALID_NETWORK_KEY, functionName);
}

export function setNodeMetadata(call: Call, node: StorageNodeInfo, metadata: NodeMetadata): void {
  Object.assign(borrowField<NodeMetadata>(call, node.metadata, call.types.nodeMetadata), metadata);
}

export function storageNodeFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'storage_node');
  const parameters = [ref(types.nodeCap)];
  return [
    define('node_id', {
      parameters,
      returns: [types.id],
      run: (_, cap: StorageNodeCap) => cap.node_id,
    }),
    define('last_epoch_sync_done', {
      parameters,
      returns: ['u32'],
      run: (_, cap: StorageNodeCap) => cap.last_epoch_sync_done,
    }),
    define('deny_list_root', {
      parameters,
      returns: ['u256'],
      run: (_, cap: StorageNodeCap) => cap.deny_list_root,
    }),
    define('deny_list_sequence', {
      parameters,
      returns: ['u64'],
      run: (_, cap: StorageNodeCap) => cap.deny_list_sequence,
    }),
  ];
}

export function nodeMetadataFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'node_metadata');
  const { text, nodeMetadata } = types;
  type TextField = 'image_url' | 'project_url' | 'description';
  const setText = (field: TextField) =>
    define(`set_${field}`, {
      parameters: [mut(nodeMetadata), text],
      run: (_, self: NodeMetadata, value: string) => {
        self[field] = value;
      },
    });
  const getText = (field: TextField) =>
    define(field, {
      parameters: [ref(nodeMetadata)],
      returns: [text],
      run: (_, self: NodeMetadata) => self[field],
    });
  return [
    define('new', {
      parameters: [text, text, text],
      returns: [nodeMetadata],
      run: (_, image_url: string, project_url: string, description: string) => ({
        image_url,
        project_url,
        description,
        extra_fields: emptyMap<string, string>(),
      }),
    }),
    setText('image_url'),
    setText('project_url'),
    setText('description'),
    define('set_extra_fields', {
      parameters: [mut(nodeMetadata), types.textMap],
      run: (_, self: NodeMetadata, fields: NodeMetadata['extra_fields']) => {
        self.extra_fields = fields;
      },
    }),
    getText('image_url'),
    getText('project_url'),
    getText('description'),
  ];
}
