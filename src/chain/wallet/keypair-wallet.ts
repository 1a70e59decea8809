import { fromBase64 } from '@mysten/bcs';
import type { Signer } from '@mysten/sui/cryptography';
import type { WalletPort } from '../../protocol/ports.ts';
import { ANY_CHAIN } from './wallet-chain.ts';

/** A wallet of one key that signs whatever it is given: for programs, not for people. */
export function keypairWallet(keypair: Signer, chain: string = ANY_CHAIN): WalletPort {
  const account = {
    address: keypair.toSuiAddress(),
    publicKey: keypair.getPublicKey().toSuiBytes(),
    chain,
  };
  return {
    account: () => account,
    async sign(transaction) {
      const { bytes, signature } = await keypair.signTransaction(transaction);
      return { bytes: fromBase64(bytes), signature };
    },
    onChange: () => () => {},
  };
}
