import { Field, U64 } from '../../chain/layouts/base.ts';
import { Blob, Metadata, SharedBlob } from '../../chain/layouts/blob.ts';
import { type ShardCommittee, StakingInner, StakingPool } from '../../chain/layouts/staking.ts';
import { SystemStateInner, Versioned } from '../../chain/layouts/system.ts';
import { blobIdFromInteger, formatBlobId } from '../../protocol/blob-id.ts';
import type { ChainBlobObject, ChainCommittee, ChainState, EpochState } from '../chain-port.ts';
import type { WalrusIds } from '../sui/genesis-plan.ts';
import type { Ledger } from '../sui/ledger/ledger.ts';
import type { LedgerObject } from '../sui/ledger/ledger-object.ts';
import { dynamicFieldId } from '../sui/types/field-id.ts';

const SystemField = Field(U64, SystemStateInner);
const StakingField = Field(U64, StakingInner);

/** What System and Staking hold, with the versions of the objects that it was read from. */
export interface Contract {
  readonly system: typeof SystemStateInner.$inferType;
  readonly staking: typeof StakingInner.$inferType;
  /** the package whose functions are to be called */
  readonly packageId: string;
}

/** Reads the objects of the Walrus contract out of a ledger. */
export class ContractReader {
  readonly #ledger: Ledger;
  readonly #ids: WalrusIds;
  #cached: { objects: readonly LedgerObject[]; contract: Contract; state: ChainState } | undefined;

  constructor(ledger: Ledger, ids: WalrusIds) {
    this.#ledger = ledger;
    this.#ids = ids;
  }

  get contract(): Contract {
    return this.#read().contract;
  }

  get state(): ChainState {
    return this.#read().state;
  }

  pool(nodeId: string): typeof StakingPool.$inferType {
    return StakingPool.parse(this.#object(nodeId).contents);
  }

  /** A Blob, also one in a SharedBlob. */
  blob(objectId: string): ChainBlobObject | undefined {
    const object = this.#ledger.objects.get(objectId);
    if (object === undefined) return undefined;
    const { originalPackageId } = this.#ids;
    const isShared = object.type === `${originalPackageId}::shared_blob::SharedBlob`;
    if (!isShared && object.type !== `${originalPackageId}::blob::Blob`) return undefined;
    const blob = isShared ? SharedBlob.parse(object.contents).blob : Blob.parse(object.contents);
    return {
      objectId,
      blobId: formatBlobId(blobIdFromInteger(blob.blob_id)),
      size: Number(blob.size),
      encodingType: blob.encoding_type,
      registeredEpoch: blob.registered_epoch,
      certifiedEpoch: blob.certified_epoch ?? undefined,
      endEpoch: blob.storage.end_epoch,
      deletable: blob.deletable,
      attributes: this.#attributes(blob.id),
    };
  }

  #attributes(blobObjectId: string): (readonly [string, string])[] {
    const suffix = `,${this.#ids.originalPackageId}::metadata::Metadata>`;
    const field = this.#ledger.objects
      .ownedBy(blobObjectId)
      .find(({ type }) => type.replaceAll(' ', '').endsWith(suffix));
    if (field === undefined) return [];
    // The name of the field is the bytes of "metadata", with their length in front.
    const { metadata } = Metadata.parse(field.contents.subarray(32 + 1 + 'metadata'.length));
    return metadata.contents.map(({ key, value }) => [key, value] as const);
  }

  #read() {
    const { systemObjectId, stakingObjectId } = this.#ids;
    const objects = [systemObjectId, stakingObjectId].flatMap((id) => {
      const outer = this.#object(id);
      const { version } = Versioned.parse(outer.contents);
      return [outer, this.#object(dynamicFieldId(id, 'u64', U64.serialize(version).toBytes()))];
    });
    if (this.#cached?.objects.every((object, i) => object === objects[i])) return this.#cached;
    const [outer, system, , staking] = objects as [
      LedgerObject,
      LedgerObject,
      LedgerObject,
      LedgerObject,
    ];
    const contract = {
      packageId: Versioned.parse(outer.contents).package_id,
      system: SystemField.parse(system.contents).value,
      staking: StakingField.parse(staking.contents).value,
    };
    this.#cached = { objects, contract, state: this.#stateOf(contract) };
    return this.#cached;
  }

  #stateOf({ system, staking }: Contract): ChainState {
    const keys = new Map(
      system.committee.members.map(({ node_id, public_key }) => [node_id, public_key.bytes]),
    );
    const { epoch, n_shards: shardCount, previous_committee: previous } = staking;
    const next = staking.next_committee;
    return {
      epoch,
      epochState: epochStateOf(staking.epoch_state),
      shardCount,
      current: this.#committee(epoch, shardCount, staking.committee, keys),
      previous:
        previous.contents.length === 0
          ? undefined
          : this.#committee(epoch - 1, shardCount, previous, new Map()),
      next: next === null ? undefined : this.#committee(epoch + 1, shardCount, next, new Map()),
    };
  }

  /** @param keys of this epoch, where a pool may already hold the key of the next one */
  #committee(
    epoch: number,
    shardCount: number,
    { contents }: ShardCommittee,
    keys: ReadonlyMap<string, Uint8Array>,
  ): ChainCommittee {
    const members = contents.map(({ key: nodeId, value: shards }) => {
      const { name, network_address, public_key } = this.pool(nodeId).node_info;
      return {
        nodeId,
        name,
        networkAddress: network_address,
        publicKey: keys.get(nodeId) ?? public_key.bytes,
        weight: shards.length,
        shards: [...shards].sort((a, b) => a - b),
      };
    });
    return { epoch, shardCount, members };
  }

  #object(id: string): LedgerObject {
    const object = this.#ledger.objects.get(id);
    if (object === undefined) throw new Error(`the chain has no object ${id}`);
    return object;
  }
}

function epochStateOf(state: typeof StakingInner.$inferType.epoch_state): EpochState {
  switch (state.$kind) {
    case 'EpochChangeSync':
      return { kind: 'sync', weight: state.EpochChangeSync };
    case 'EpochChangeDone':
      return { kind: 'done', sinceMs: Number(state.EpochChangeDone) };
    case 'NextParamsSelected':
      return { kind: 'next-selected', sinceMs: Number(state.NextParamsSelected) };
  }
}
