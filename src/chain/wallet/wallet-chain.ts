import { HauloutError } from '../../protocol/errors.ts';
import type { WalletAccount } from '../../protocol/ports.ts';
import { type NetworkInfo, walletChain } from '../network-info.ts';

/** A wallet that signs for every network. */
export const ANY_CHAIN = 'sui:any';

/** @throws HauloutError 'network-mismatch' */
export function demandChain({ chain }: WalletAccount, network: NetworkInfo): void {
  const expected = walletChain(network);
  if (chain === ANY_CHAIN || chain === expected) return;
  throw new HauloutError('network-mismatch', { expected, actual: chain });
}
