import type { ServedNetwork } from '../../src/devnet/served-network.ts';

/** What the ledger says, whatever a page says of itself. */

const WAL = '::wal::WAL';

const transactionsOf = (network: ServedNetwork | undefined) =>
  network?.network.life.chain.ledger.transactions ?? [];

/** Payments in WAL from a moment on; those of one address, if it is given. */
function paymentsFrom(network: ServedNetwork | undefined, begin: number, payer?: string) {
  return transactionsOf(network)
    .slice(begin)
    .filter(({ balanceChanges }) =>
      balanceChanges.some(({ coinType, amount, address }) => {
        return coinType.endsWith(WAL) && amount < 0n && (payer ?? address) === address;
      }),
    );
}

/** @returns how many payments in WAL the ledger has more than when this was called */
export function countingPayments(network: ServedNetwork | undefined): () => number {
  const begin = transactionsOf(network).length;
  return () => paymentsFrom(network, begin).length;
}

const SUI = '::sui::SUI';

/** @returns what the one who has paid since this was called has less: with the payment, and altogether */
export function watchingSpender(network: ServedNetwork | undefined) {
  const begin = transactionsOf(network).length;
  return () => {
    const [payment] = paymentsFrom(network, begin);
    const payer = payment?.tx.data.sender;
    const lost = (transactions: readonly (typeof payment)[], coin: string) =>
      -transactions
        .flatMap((each) => each?.balanceChanges ?? [])
        .filter(({ address, coinType }) => address === payer && coinType.endsWith(coin))
        .reduce((sum, { amount }) => sum + amount, 0n);
    const all = transactionsOf(network).slice(begin);
    return {
      paidMist: lost([payment], SUI),
      ...{ frost: lost(all, WAL), mist: lost(all, SUI) },
    };
  };
}

/**
 * What an address has paid in WAL, and what is left of it: its blobs, and the objects that still lie where it has sent
 * something to, which are the addresses of page keys, but for the relay's, which has got so many tips.
 */
export function auditOf(network: ServedNetwork, payer: string) {
  const { objects } = network.network.life.chain.ledger;
  const sent = transactionsOf(network).filter(({ tx }) => tx.data.sender === payer);
  const gains = sent.flatMap(({ balanceChanges }) => balanceChanges).filter((c) => c.amount > 0n);
  const { tipAddress } = network.network;
  const holders = new Set(gains.map(({ address }) => address).filter((one) => one !== tipAddress));
  return {
    tips: gains.filter(({ address }) => address === tipAddress).length,
    payments: paymentsFrom(network, 0, payer).length,
    leftAtHolders: [...holders]
      .flatMap((holder) => objects.ownedBy(holder))
      .map(({ type }) => type),
    blobs: objects.ownedBy(payer).filter(({ type }) => type.endsWith('::blob::Blob')).length,
  };
}
