import { useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import type { WalletState } from './wallet-desk.ts';

/** The person's wallet as the page knows it now. */
export function useWallet(): WalletState {
  const { wallet } = useServices();
  return useSyncExternalStore(wallet.subscribe, wallet.getSnapshot);
}
