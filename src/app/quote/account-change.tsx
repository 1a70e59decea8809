import { walletChain } from '../../chain/network-info.ts';
import { shortAddress } from '../../presentation/names.ts';
import { HauloutError } from '../../protocol/errors.ts';
import { Action } from '../parts/action.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWallet } from '../wallet/use-wallet.ts';
import { useWords } from '../words.tsx';
import type { Checkout } from './use-checkout.ts';

interface AccountChangeProps {
  readonly payer: string | undefined;
  readonly checkout: Checkout;
}

/** The wallet is on another network, or on another account than the one that the price is for; nothing is done with it unasked. */
export function AccountChange({ payer, checkout }: AccountChangeProps) {
  const { say } = useWords();
  const { network } = useServices();
  const { account, otherChain } = useWallet();
  if (otherChain !== undefined) {
    const expected = walletChain({ network: network.name });
    return (
      <TroubleCard error={new HauloutError('network-mismatch', { expected, actual: otherChain })} />
    );
  }
  const now = account?.address;
  if (payer === undefined || now === undefined || now === payer) return null;
  const [actual, expected] = [shortAddress(now), shortAddress(payer)];
  return (
    <TroubleCard
      error={new HauloutError('wallet-account-changed', { expected, actual })}
      action={() => (
        <Action onPress={checkout.withdraw}>
          {say('wallet.quoteFor', { address: shortAddress(now) })}
        </Action>
      )}
    />
  );
}
