import type { Axis } from '../protocol/axis.ts';
import type { Certificate } from '../protocol/certificate.ts';
import type { StorageCommittee } from '../protocol/committee.ts';
import type { NodeFailure } from '../protocol/errors.ts';
import type { Clock, Random, Transport } from '../protocol/ports.ts';
import type { Pace } from './pace.ts';

export interface TransferDoors {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** shared by all uploads of a client, so that together they keep to the limits; a new one if absent */
  readonly pace?: Pace;
  /** base URL of a member without a slash at the end; `https://` and its address if absent */
  nodeUrl?(networkAddress: string): string;
}

/** What the chain says about the blob that is uploaded. */
export interface Registration {
  /** `0x` and 64 hex digits; of a deletable blob only */
  readonly objectId?: string;
}

/**
 * Gives the committee of the current epoch.
 *
 * @param stale a committee that nodes no longer go by: the chain is read again
 */
export type CommitteeSource = (stale?: StorageCommittee) => Promise<StorageCommittee>;

/** BCS SliverData of a pair, for one axis. A `Blob` stays on disk until it is sent. */
export type SliverSource = (
  pair: number,
  axis: Axis,
) => Promise<Uint8Array<ArrayBuffer> | Blob> | Uint8Array<ArrayBuffer> | Blob;

/** What one node is known to hold of a blob, as data that a journal can keep. */
export interface NodeFacts {
  readonly metadata: boolean;
  /** bit `2 * pair` for the primary sliver, bit `2 * pair + 1` for the secondary; lowest first */
  readonly slivers: Uint8Array;
  readonly confirmation?: { readonly epoch: number; readonly signature: Uint8Array };
}

/** Something that a node is known to hold from now on, or was found not to hold. */
export type PutFact =
  | { readonly kind: 'metadata'; readonly nodeId: string }
  | { readonly kind: 'sliver'; readonly nodeId: string; readonly pair: number; readonly axis: Axis }
  /** 96 bytes, verified */
  | {
      readonly kind: 'confirmation';
      readonly nodeId: string;
      readonly epoch: number;
      readonly signature: Uint8Array;
    }
  /** the node denies having it: the only reason to send it again */
  | { readonly kind: 'metadata-lost'; readonly nodeId: string }
  | {
      readonly kind: 'sliver-lost';
      readonly nodeId: string;
      readonly pair: number;
      readonly axis: Axis;
    };

export type NodeState = 'waiting' | 'sending' | 'confirming' | 'confirmed' | 'failed';

export interface PutProgress {
  /** sliver bytes that nodes have taken, of `totalBytes`; grows, except where a node lost some */
  readonly storedBytes: number;
  readonly totalBytes: number;
  /** shards of nodes that confirmed; counts towards `quorumWeight` */
  readonly confirmedWeight: number;
  readonly quorumWeight: number;
}

/** One blob on its way to the storage nodes. */
export interface PutBlob {
  readonly blobId: string;
  /** BCS BlobMetadata, without the blob ID in front */
  readonly metadata: Uint8Array;
  readonly unencodedBytes: number;
  readonly slivers: SliverSource;
  readonly committee: CommitteeSource;
  /**
   * A promise while the approval is open: nodes buffer what arrives before they hear of the registration.
   * If it rejects, so does the upload, with the same reason.
   */
  readonly registration: Registration | Promise<Registration>;
  /** by node ID, of an earlier try */
  readonly known?: ReadonlyMap<string, NodeFacts>;
  /** a node without any progress for so long is given up; 45 s if absent */
  readonly patienceMs?: number;
  /** called in order; for the journal */
  onFact?(fact: PutFact): void;
  onProgress?(progress: PutProgress): void;
  /** `reason` of a failure: an error code, or a node's reason such as INVALID_SLIVER */
  onNode?(nodeId: string, state: NodeState, reason?: string): void;
}

/** A certificate that the contract takes, as long as the epoch lasts. */
export interface Certified {
  readonly certificate: Certificate;
  /** of `certificate.signers`; its epoch is that of the message */
  readonly committee: StorageCommittee;
}

export interface TailReport {
  /** shards of nodes that confirmed, also after the certificate */
  readonly confirmedWeight: number;
  readonly failed: readonly NodeFailure[];
}

export interface PutOutcome extends Certified {
  /** The rest of the nodes, completed in the background until `signal` fires. Never rejects. */
  readonly tail: Promise<TailReport>;
}
