import { operatorKey } from '../../src/devnet/sui/genesis-plan.ts';
import { blobIdToInteger, parseBlobId } from '../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import { signersToBitmap } from '../../src/protocol/committee.ts';
import type { Certified } from '../../src/transfer/put-types.ts';
import type { SimBlob } from './config.ts';
import { Violation } from './violation.ts';
import { NETWORK_SEED, type World } from './world.ts';

const EPOCHS = 20;
const PAYMENT = 10n ** 12n;

/** A blob that is registered, with its slivers. */
export interface PaidPlan {
  readonly plan: SimBlob;
  readonly blobId: string;
  readonly encoded: EncodedBlob;
  readonly objectId: string;
  readonly deletable: boolean;
}

export async function payFor(world: World, plan: SimBlob): Promise<PaidPlan> {
  const encoded = await world.encoded(plan);
  const objectId = await register(world, encoded);
  const { deletable } = world.config;
  return { plan, blobId: encoded.blobId, encoded, objectId, deletable };
}

/** Pays for a blob. @returns the object's ID */
export async function register(world: World, blob: EncodedBlob): Promise<string> {
  const { life } = world.network;
  const { ids, port, giver } = life;
  const nodeId = port.state().current.members[0]?.nodeId ?? '';
  const owner = operatorKey(NETWORK_SEED, nodeId).toSuiAddress();
  const [coin] = await giver.give(owner, [{ coinType: ids.walType, amount: PAYMENT }]);
  const begin = port.events(0).length;
  const { failure } = await port.operate(nodeId, ({ tx, object, walrus }) => {
    const [system, wal] = [object(ids.systemObjectId), object(coin?.objectId ?? '')];
    const size = tx.pure.u64(blob.encodedBytes);
    const storage = walrus('system::reserve_space', [system, size, tx.pure.u32(EPOCHS), wal]);
    const rootHash = BigInt(`0x${[...blob.rootHash].reverse().map(hexByte).join('')}`);
    const created = walrus('system::register_blob', [
      ...[
        system,
        storage,
        tx.pure.u256(blobIdToInteger(parseBlobId(blob.blobId))),
        tx.pure.u256(rootHash),
      ],
      ...[tx.pure.u64(blob.unencodedBytes), tx.pure.u8(1)],
      ...[tx.pure.bool(world.config.deletable), wal],
    ]);
    tx.transferObjects([created], owner);
  });
  if (failure !== undefined) throw new Error(failure);
  const event = port.events(begin).find(({ kind }) => kind === 'blob-registered');
  return event?.kind === 'blob-registered' ? event.objectId : '';
}

/** I9: the contract takes a certificate, unless the epoch has ended since. */
export async function certify(world: World, objectId: string, proof: Certified): Promise<boolean> {
  const { life } = world.network;
  const { signers, message, signature } = proof.certificate;
  const nodeId = life.port.state().current.members[0]?.nodeId ?? '';
  const { failure } = await life.port.operate(nodeId, ({ tx, object, walrus }) => {
    const bitmap = signersToBitmap(signers, proof.committee.members.length);
    const bytes = [signature, bitmap, message].map((each) => tx.pure.vector('u8', each));
    walrus('system::certify_blob', [
      object(life.ids.systemObjectId, false),
      object(objectId),
      ...bytes,
    ]);
  });
  if (failure === undefined) return true;
  if (proof.committee.epoch !== life.port.state().epoch) return false;
  throw new Violation('I9', `the contract refuses a certificate: ${failure}`);
}

const hexByte = (byte: number) => byte.toString(16).padStart(2, '0');
