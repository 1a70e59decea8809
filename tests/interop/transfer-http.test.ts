import { afterEach, describe, expect, it } from 'vitest';
import { newToken } from '../../src/devnet/machine-door.ts';
import { type ServedNetwork, serveNetwork } from '../../src/devnet/served-network.ts';
import { fetchTransport } from '../../src/network/fetch-door.ts';
import { putBlob } from '../../src/transfer/put-blob.ts';
import { putThroughRelay } from '../../src/transfer/relay-put.ts';
import { systemClock, systemRandom } from '../../src/workers/doors.ts';
import { memoryDoors, officialClients, SEED } from '../support/devnet/local-network.ts';
import { blobBytes } from '../support/devnet/node-calls.ts';
import { TransferWorld } from '../support/devnet/transfer-world.ts';
import { officialRead } from '../support/official-read.ts';

/** Our client over sockets, the official package as the reader. */
describe('a blob that went over HTTP', { timeout: 120_000 }, () => {
  let served: ServedNetwork;
  afterEach(() => served.close());
  const { signal } = new AbortController();

  async function open(weights: readonly number[]) {
    const settings = { weights, seed: SEED, chainDelayMs: [20, 300] } as const;
    const doors = await memoryDoors();
    served = await serveNetwork({ settings, doors, basePort: 0, adminToken: newToken() });
    const world = new TransferWorld(served.network, systemClock);
    const random = systemRandom;
    const transport = fetchTransport(systemClock);
    return { world, doors: { ...world.doors, transport, random } };
  }
  const readBack = async (blobId: string) => {
    const { walrus } = officialClients(served.network);
    return Buffer.from(await officialRead(walrus, blobId));
  };

  it('straight to the nodes is read back, with nodes that are down, silent, slow and lie', async () => {
    const { world, doors } = await open(Array.from({ length: 13 }, () => 1));
    const [down, slow, liar, broken] = served.network.nodes;
    await down?.setFaults([{ action: { type: 'refuse' } }]);
    await slow?.setFaults([{ action: { type: 'delay', ms: 200 } }]);
    await liar?.setFaults([{ match: { route: 'confirmation' }, action: { type: 'badSignature' } }]);
    await broken?.setFaults([
      { match: { method: 'PUT', probability: 0.5 }, action: { type: 'dropUpload' } },
    ]);
    const blob = await world.encode(20_000);
    const { objectId } = await world.register(blob, true);
    const job = world.job(blob, { registration: { objectId }, patienceMs: 3_000 });
    const outcome = await putBlob(doors, job, signal);
    await world.certify(blob, objectId, outcome, true);
    expect((await outcome.tail).failed.map(({ nodeId }) => nodeId).sort()).toEqual(
      [down?.identity.nodeId, liar?.identity.nodeId].sort(),
    );
    for (const slot of served.network.nodes) await slot.setFaults([]);
    expect(Buffer.compare(await readBack(blob.blobId), blobBytes(20_000))).toBe(0);
  });

  it('through the relay is read back', async () => {
    const { world, doors } = await open([3, 3, 3, 2, 2]);
    const blob = await world.encode(300_000);
    const { objectId } = await world.register(blob);
    const sent: number[] = [];
    const certified = await putThroughRelay(
      doors,
      {
        relay: served.description.relayUrl,
        blobId: blob.blobId,
        source: new Blob([blobBytes(300_000)]),
        committee: async () => served.network.life.port.state().current,
        onSent: (bytes) => sent.push(bytes),
      },
      signal,
    );
    await world.certify(blob, objectId, certified);
    expect(sent.at(-1)).toBe(300_000);
    expect(Buffer.compare(await readBack(blob.blobId), blobBytes(300_000))).toBe(0);
  });
});
