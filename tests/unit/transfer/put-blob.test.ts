import { afterEach, describe, expect, it } from 'vitest';
import { verifyCertificate } from '../../../src/protocol/certificate.ts';
import { TransferWorld } from '../../support/devnet/transfer-world.ts';

let world: TransferWorld;
afterEach(() => world.close());

describe('putBlob', () => {
  it.each([false, true])(
    'gives a certificate that the contract takes; deletable: %s',
    async (deletable) => {
      world = await TransferWorld.open();
      const blob = await world.encode(5_000);
      const { objectId } = await world.register(blob, deletable);
      const outcome = await world.put(blob, { registration: deletable ? { objectId } : {} });
      expect(verifyCertificate(outcome.committee, outcome.certificate)).toBe(true);
      await world.certify(blob, objectId, outcome, deletable);
      expect(await outcome.tail).toEqual({ confirmedWeight: 13, failed: [] });
      expect([...world.sliverPuts().values()]).toEqual(Array.from({ length: 26 }, () => 1));
    },
  );
});
