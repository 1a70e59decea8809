import { operatorKey } from '../../src/devnet/sui/genesis-plan.ts';
import { blobIdToInteger, parseBlobId } from '../../src/protocol/blob-id.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import { signersToBitmap } from '../../src/protocol/committee.ts';
import type { Certified, NodeFacts } from '../../src/transfer/put-types.ts';
import { checkBounds, checkReadable } from './checkers.ts';
import { watchUploads } from './progress-checks.ts';
import { type PaidBlob, putClient, type Tries } from './put-client.ts';
import type { Scene } from './story.ts';
import { checkVerdict } from './verdict-checks.ts';
import { Violation } from './violation.ts';
import { finish, NETWORK_SEED, sourceOf, uniqueBlobs, type World } from './world.ts';

const EPOCHS = 20;
const PAYMENT = 10n ** 12n;

/** Blobs that are paid for already are to be uploaded and certified: the transfer alone. */
export async function putStory(world: World, tries: Tries = 'again'): Promise<Scene> {
  const { scheduler, network, config } = world;
  const paid: PaidBlob[] = [];
  const certified = new Set<string>();
  for (const plan of uniqueBlobs(config.blobs)) {
    const encoded = await finish(scheduler, world.encoded(plan));
    const objectId = await finish(scheduler, register(world, encoded));
    paid.push({
      ...encoded,
      ...{ objectId, deletable: config.deletable },
      slivers: (pair, axis) => {
        const slivers = axis === 'primary' ? encoded.primarySlivers : encoded.secondarySlivers;
        return slivers[pair] as Uint8Array<ArrayBuffer>;
      },
      certify: async (proof) => {
        const done = certified.has(encoded.blobId) || (await certify(world, objectId, proof));
        if (done) certified.add(encoded.blobId);
        return done;
      },
    });
  }
  watchUploads(world, paid[0]?.shardCount ?? 0, ({ rows }, blobId, nodeId) => {
    const row = rows.snapshot().get('holdings')?.get(`${blobId}/${nodeId}`);
    return row === undefined ? [] : [row.value as NodeFacts];
  });
  const committee = async () => network.life.port.state().current;
  return {
    client: putClient(
      paid,
      committee,
      (nodeId, reason) => world.guard(() => checkVerdict(world, nodeId, reason)),
      tries,
    ),
    check: () => checkBounds(world, world.pagesSoFar),
    isDone: () => paid.every(({ blobId }) => certified.has(blobId)),
    async audit() {
      for (const plan of uniqueBlobs(config.blobs)) {
        await checkReadable(world, await world.encoded(plan), sourceOf(plan));
      }
    },
  };
}

/** Pays for a blob. @returns the object's ID */
async function register(world: World, blob: EncodedBlob): Promise<string> {
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
async function certify(world: World, objectId: string, proof: Certified): Promise<boolean> {
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
