import { WalrusClient } from '@mysten/walrus';
import { afterEach, describe, expect, it } from 'vitest';
import { BadDays } from '../../../../src/devnet/bad-days.ts';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { PRESET_NAMES } from '../../../../src/devnet/presets.ts';
import type { Clock } from '../../../../src/protocol/ports.ts';
import { systemClock } from '../../../../src/workers/doors.ts';
import {
  bytesOf,
  memoryDoors,
  memoryNetwork,
  officialClients,
  quiet,
} from '../../../support/devnet/local-network.ts';

const HASTE = 50;
const begin = systemClock.wall();
/** Time passes fifty times as fast. */
const hasty: Clock = {
  wall: () => begin + (systemClock.wall() - begin) * HASTE,
  monotonic: () => systemClock.monotonic() * HASTE,
  sleep: (ms, signal) => systemClock.sleep(ms / HASTE, signal),
};
const TRIES = 12;

/** What a patient person does: the same again. */
async function persist<T>(work: () => Promise<T | undefined>): Promise<T> {
  let last: unknown = 'nothing came of it';
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const result = await work();
      if (result !== undefined) return result;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw last;
}

describe('a blob on a bad day', () => {
  let network: LocalNetwork;
  afterEach(() => network.close());

  it.each(PRESET_NAMES)('%s: relay and aggregator bring it through', async (name) => {
    const settings = { chainDelayMs: [0, 100], heal: { deferMs: 500, retryMs: 100 } } as const;
    network = await memoryNetwork(settings, { ...(await memoryDoors()), clock: hasty });
    const days = new BadDays(network);
    const { relay, aggregator } = network.services;
    await days.start(name);

    const blob = bytesOf(1_500);
    const { walrus, sui, signer } = officialClients(network);
    const { blobId, rootHash } = await walrus.encodeBlob(blob);
    const { blob: blobObject } = await persist(() =>
      walrus.executeRegisterBlobTransaction({
        ...{ blobId, rootHash, size: blob.length, epochs: 5, deletable: false, signer },
      }),
    );
    await persist(async () => {
      const body = blob as Uint8Array<ArrayBuffer>;
      const path = `http://relay.test/v1/blob-upload-relay?blob_id=${blobId}`;
      const response = await relay.handle(new Request(path, { method: 'POST', body }));
      if (!response.ok) return undefined;
      const { confirmation_certificate: certificate } = await response.json();
      const fresh = new WalrusClient({
        suiClient: sui,
        packageConfig: {
          systemObjectId: network.life.ids.systemObjectId,
          stakingPoolId: network.life.ids.stakingObjectId,
        },
      } as ConstructorParameters<typeof WalrusClient>[0]);
      const { signers, serialized_message, signature } = certificate;
      await fresh.executeCertifyBlobTransaction({
        ...{ blobId, blobObjectId: blobObject.id, deletable: false, signer },
        certificate: {
          signers,
          serializedMessage: Uint8Array.from(serialized_message),
          signature: new Uint8Array(Buffer.from(signature, 'base64')),
        },
      } as Parameters<typeof fresh.executeCertifyBlobTransaction>[0]);
      return true;
    });
    const read = () =>
      persist(async () => {
        const response = await aggregator.handle(
          new Request(`http://aggregator.test/v1/blobs/${blobId}`),
        );
        const bytes = new Uint8Array(await response.arrayBuffer());
        return response.ok && Buffer.compare(bytes, blob) === 0 ? bytes : undefined;
      });
    await read();
    await days.clear();
    await quiet(network);
    await read();
    const endsEpoch = name === 'epoch-change-mid-upload';
    expect(network.life.port.state().epoch).toBe(endsEpoch ? 2 : 1);
  });
});
