import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalNetwork } from '../../../../src/devnet/network.ts';
import { bytesOf, memoryNetwork, officialClients } from '../../../support/devnet/local-network.ts';

describe('a network in one process', () => {
  let network: LocalNetwork;
  beforeAll(async () => {
    network = await memoryNetwork();
  });
  afterAll(() => network.close());

  it('takes a blob from the official client, which reads it back', async () => {
    const { walrus, signer } = officialClients(network);
    const blob = bytesOf(5_000);
    const { blobId } = await walrus.writeBlob({ blob, deletable: false, epochs: 3, signer });
    expect(Buffer.compare(await walrus.readBlob({ blobId }), blob)).toBe(0);
  });
});
