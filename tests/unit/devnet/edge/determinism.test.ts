import { describe, expect, it } from 'vitest';
import { BadDays } from '../../../../src/devnet/bad-days.ts';
import { inThreadCodec } from '../../../../src/devnet/codec.ts';
import type { Disk } from '../../../../src/devnet/disk/disk.ts';
import { MemoryDisk } from '../../../../src/devnet/disk/memory-disk.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import type { PresetName } from '../../../../src/devnet/presets.ts';
import { memoryLog } from '../../../../src/devnet/sui/ledger/log.ts';
import { InThreadVerifier } from '../../../../src/devnet/verify/in-thread.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';
import { kernelModule } from '../../../support/devnet/test-fleet.ts';
import { sha256Of } from '../../../support/node-hash.ts';
import { SOAK } from '../../../support/seed.ts';
import { VirtualClock } from '../../../support/virtual-clock.ts';

const DAYS: readonly PresetName[] = SOAK
  ? ['flaky', 'epoch-change-mid-upload', 'liars', 'relay-dies']
  : ['flaky'];

/** Path and hash of everything on a disk. */
async function contentsOf(disk: Disk, folder = ''): Promise<string[]> {
  const found: string[] = [];
  for (const name of await disk.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const bytes = await disk.read(path);
    if (bytes) found.push(`${path} ${sha256Of(bytes)}`);
    else found.push(...(await contentsOf(disk, path)));
  }
  return found;
}

/** All that can be seen of a life of a network: uploads on a bad day, a node that dies for good, healing, a read. */
async function lifeOf(seed: string, day: PresetName) {
  const module = await kernelModule();
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const log = memoryLog();
  const network = await memoryNetwork(
    { seed, chainDelayMs: [300, 1_500], heal: { deferMs: 15_000, retryMs: 1_000 } },
    {
      ...{ clock, disk, openLog: async () => log },
      verifier: new InThreadVerifier(module),
      codec: inThreadCodec(module, clock),
    },
  );
  const days = new BadDays(network);
  await days.start(day);
  const blobs = [bytesOf(1_500), bytesOf(700, 2)];
  const ids: string[] = [];
  for (const blob of blobs) ids.push(await store(network, clock, blob));
  await days.clear();
  await network.nodes[0]?.kill();
  await network.epochs.retire(network.nodes[0]?.identity.nodeId ?? '');
  await clock.drive(atRest(network, clock));
  await clock.drive(network.epochs.advance());
  await clock.drive(atRest(network, clock));
  const reads: string[] = [];
  for (const [i, blobId] of ids.entries()) {
    const request = new Request(`http://aggregator.test/v1/blobs/${blobId}`);
    const response = await clock.drive(network.services.aggregator.handle(request));
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(Buffer.compare(bytes, blobs[i] as Uint8Array)).toBe(0);
    reads.push(`${response.status} ${sha256Of(bytes)}`);
  }
  await network.close();
  return {
    endedMs: clock.monotonic(),
    nodeLog: network.fleet.log.since(),
    serviceLogs: Object.values(network.services).map((service) => service.log.since()),
    chain: log.lines,
    disk: await contentsOf(disk),
    reads,
  };
}

/** Registers with the official package, brings the blob to the nodes through the relay, certifies. */
async function store(network: LocalNetwork, clock: VirtualClock, blob: Uint8Array) {
  const { walrus, signer } = officialClients(network);
  const { blobId, rootHash } = await walrus.encodeBlob(blob);
  const { blob: object } = await walrus.executeRegisterBlobTransaction({
    ...{ blobId, rootHash, size: blob.length, epochs: 5, deletable: false, signer },
  });
  const url = `http://relay.test/v1/blob-upload-relay?blob_id=${blobId}`;
  for (let tries = 0; tries < 10; tries++) {
    const body = blob as Uint8Array<ArrayBuffer>;
    const sent = network.services.relay.handle(new Request(url, { method: 'POST', body }));
    const text = await clock.drive(sent.then((each) => each.text())).catch(() => '');
    await clock.drive(clock.sleep(2_000));
    if (!text.startsWith('{')) continue;
    const { signers, serialized_message, signature } = JSON.parse(text).confirmation_certificate;
    const certificate = {
      signers,
      serializedMessage: Uint8Array.from(serialized_message),
      signature: new Uint8Array(Buffer.from(signature, 'base64')),
    };
    await officialClients(network).walrus.executeCertifyBlobTransaction({
      ...{ blobId, blobObjectId: object.id, deletable: false, signer, certificate },
    } as Parameters<typeof walrus.executeCertifyBlobTransaction>[0]);
    return blobId;
  }
  throw new Error('the relay does not take the blob');
}

async function atRest(network: LocalNetwork, clock: VirtualClock): Promise<void> {
  const { port } = network.life;
  do await clock.sleep(500);
  while (network.fleet.settling || port.state().epochState.kind === 'sync');
}

describe('a whole network in one process', () => {
  it.each(DAYS)(
    'lives the same life twice under one seed: %s',
    async (day) => {
      const [first, second] = [await lifeOf('seed', day), await lifeOf('seed', day)];
      expect(first.nodeLog.length).toBeGreaterThan(100);
      expect(first.nodeLog.some(({ path, peer }) => peer && path.includes('Symbols'))).toBe(true);
      expect(first.disk.length).toBeGreaterThan(50);
      expect(second).toEqual(first);
      if (day !== 'flaky') return;
      const other = await lifeOf('another seed', day);
      const faults = ({ nodeLog }: typeof first) => nodeLog.map(({ fault }) => fault).join();
      expect(faults(other)).not.toEqual(faults(first));
      expect(other.chain).not.toEqual(first.chain);
    },
    300_000,
  );
});
