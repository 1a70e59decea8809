import type { LocalNetwork } from '../network.ts';
import type { ChainFaultSettings } from '../sui/faults.ts';
import { falseAddresses, falseKeys, falsePackage, falsePrices } from '../sui/lies.ts';
import { AdminError } from './admin-error.ts';
import { amountIn, type Json, textIn } from './body.ts';

const KINDS = 'package, keys, addresses, prices or nothing';

/**
 * What a full node shall lie about: `{kind: 'package', packageId}`, `{kind: 'keys'}` (everybody has the key of the first
 * node), `{kind: 'addresses', address}`, `{kind: 'prices', storage, write}`, `{kind: 'nothing'}`.
 *
 * @throws AdminError 400
 */
export function lieOf(network: LocalNetwork, value: unknown): ChainFaultSettings['forged'] {
  if (typeof value !== 'object' || value === null) throw new AdminError(400, `lie: ${KINDS}`);
  const fields = value as Json;
  const { chain, ids, port } = network.life;
  const { objects } = chain.ledger;
  const { members } = port.state().current;
  switch (fields['kind']) {
    case 'nothing':
      return {};
    case 'package':
      return falsePackage(ids, textIn(fields, 'packageId'));
    case 'keys': {
      const key = members[0]?.publicKey ?? new Uint8Array();
      return falseKeys(objects, ids, () => key);
    }
    case 'addresses': {
      const address = textIn(fields, 'address');
      return falseAddresses(new Map(members.map(({ nodeId }) => [nodeId, address])));
    }
    case 'prices':
      return falsePrices(objects, ids, {
        storage: amountIn(fields, 'storage'),
        write: amountIn(fields, 'write'),
      });
    default:
      throw new AdminError(400, `lie: ${KINDS}`);
  }
}
