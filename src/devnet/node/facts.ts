import { readJson } from '../disk/damaged-data.ts';

/** Where on chain a fact comes from. */
export interface FactEvent {
  readonly txDigest: string;
  readonly eventSeq: string;
}

export interface FactMember {
  readonly nodeId: string;
  readonly name: string;
  readonly networkAddress: string;
  /** 96 bytes in hex */
  readonly publicKey: string;
  readonly shards: readonly number[];
}

export interface FactCommittee {
  readonly epoch: number;
  readonly members: readonly FactMember[];
}

/**
 * What a storage node learns from the chain, however it learns it. Kept as lines of JSON, so that a restarted node
 * knows what it knew. Blob IDs are text.
 */
export type Fact =
  | {
      readonly type: 'registered';
      readonly blobId: string;
      readonly objectId: string;
      readonly deletable: boolean;
      /** exclusive; absent for a blob in a storage pool */
      readonly endEpoch?: number;
      readonly storagePoolId?: string;
      readonly size: number;
      readonly event: FactEvent;
    }
  | {
      readonly type: 'certified';
      readonly blobId: string;
      readonly objectId: string;
      readonly deletable: boolean;
      readonly endEpoch?: number;
      /** of the first certification */
      readonly epoch: number;
      readonly event: FactEvent;
    }
  | {
      readonly type: 'deleted';
      readonly blobId: string;
      readonly objectId: string;
      readonly event: FactEvent;
    }
  | { readonly type: 'invalid'; readonly blobId: string; readonly event: FactEvent }
  | { readonly type: 'pool'; readonly storagePoolId: string; readonly endEpoch: number }
  | {
      readonly type: 'epoch';
      readonly state: 'sync' | 'done';
      readonly current: FactCommittee;
      readonly previous?: FactCommittee;
    };

/** A fact with the place in the chain's sequence up to which the node has seen everything. */
export type SeenFact = Fact & { readonly sequence?: number };

/** Lines of facts; a last line that a crash cut off is left out. @throws DamagedDataError */
export function parseFacts(bytes: Uint8Array): { facts: SeenFact[]; wholeBytes: number } {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = new TextDecoder().decode(bytes.subarray(0, end)).split('\n');
  const written = lines.filter((line) => line !== '');
  const facts = written.map((line) => readJson(line, 'chain.jsonl of a node') as SeenFact);
  return { facts, wholeBytes: end };
}

export function formatFact(fact: SeenFact): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(fact)}\n`);
}
