import type { OwnedBlob, PreparedTransaction } from '../../chain/chain-client.ts';
import { holderOf } from '../../chain/holder.ts';
import type { DeletePlan } from '../../chain/plan.ts';
import { demandChain } from '../../chain/wallet/wallet-chain.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import { toHex } from '../../protocol/hex.ts';
import type { WalletPort } from '../../protocol/ports.ts';
import { prepareHandOver } from './hand-over.ts';
import { CHAIN_PATIENCE, isChainTrouble, persist } from './patience.ts';
import type { StorePorts } from './ports.ts';

/** What lies at the holder of an upload that this browser knows nothing of. */
export interface Rescue {
  readonly holder: string;
  readonly batchId: string;
  readonly blobs: readonly OwnedBlob[];
  readonly suiMist: bigint;
  /**
   * Gives the person everything, with one approval. Blobs that were not certified can be finished
   * afterwards: a quote for the same bytes finds them.
   */
  handOver(signal?: AbortSignal): Promise<void>;
  /** Deletes the deletable blobs and gives the person their storage, with one approval. */
  deleteBlobs(signal?: AbortSignal): Promise<void>;
}

/**
 * Finds unfinished uploads from the chain and the wallet alone: the markers in the person's own
 * transactions name the page keys, and these the holders.
 *
 * @param isKnown whether the journal knows a holder: then its job is resumed instead
 * @throws HauloutError 'wallet-missing', 'network-mismatch', 'chain-unavailable'
 */
export async function findRescues(
  ports: StorePorts,
  isKnown: (holder: string) => boolean,
  signal: AbortSignal,
): Promise<Rescue[]> {
  const { chain } = ports;
  const wallet = ports.wallet();
  const account = wallet?.account();
  if (wallet === undefined || account === undefined) throw new HauloutError('wallet-missing', {});
  demandChain(account, chain.network);
  const rescues: Rescue[] = [];
  const seen = new Set<string>();
  for (const { pagePublicKey, batchId } of await chain.markers(account.address, signal)) {
    const holder = holderOf(pagePublicKey, account.publicKey);
    if (holder === undefined || seen.has(holder.address) || isKnown(holder.address)) continue;
    seen.add(holder.address);
    const { blobs, suiCoins } = await chain.holdings(holder.address, signal);
    // What else lies there was sent by strangers.
    if (blobs.length + suiCoins.length === 0) continue;
    const sign = async (prepared: PreparedTransaction, stop: AbortSignal) =>
      signAsPerson(ports, wallet, holder.combine, prepared, stop);
    const handOverTo = account.address;
    const sender = holder.address;
    rescues.push({
      holder: sender,
      batchId: toHex(batchId),
      blobs,
      suiMist: suiCoins.reduce((sum, { amount }) => sum + amount, 0n),
      async handOver(stop = signal) {
        const now = await chain.holdings(sender, stop);
        const between = { sender, handOverTo };
        await sign(await prepareHandOver(chain, between, now.blobs, now.others, stop), stop);
        await awaitListed(ports, handOverTo, now.blobs, stop);
      },
      async deleteBlobs(stop = signal) {
        const now = await chain.holdings(sender, stop);
        const deletable = now.blobs.filter((blob) => blob.deletable).map(({ ref }) => ref);
        const plan: DeletePlan = { kind: 'delete', sender, blobs: deletable, handOverTo };
        await sign(await chain.prepare(plan, { signal: stop }), stop);
      },
    });
  }
  return rescues;
}

/**
 * The person's half of the holder. No money can be spent twice here, so nothing has to be written
 * down: what was done is seen at the holder.
 */
async function signAsPerson(
  { chain }: StorePorts,
  wallet: WalletPort,
  combine: (signature: string) => string,
  prepared: PreparedTransaction,
  signal: AbortSignal,
): Promise<void> {
  const { bytes, signature } = await wallet.sign(prepared.bytes, signal);
  await chain.check(prepared, bytes, signal);
  const { success, failure, digest } = await chain.execute(bytes, [combine(signature)], signal);
  if (success) return;
  throw new HauloutError('transaction-refused', { reason: failure?.reason ?? 'it failed', digest });
}

/**
 * Waits until the full node lists blobs at the person's address: a quote that asked before would not find them
 * there, and they would be paid for once more. They are the person's in any case: if it takes too long, so be it.
 */
async function awaitListed(
  ports: StorePorts,
  owner: string,
  given: readonly OwnedBlob[],
  signal: AbortSignal,
): Promise<void> {
  if (given.length === 0) return;
  const look = async () => {
    const listed = new Set((await ports.chain.blobs(owner, signal)).map(({ ref }) => ref.objectId));
    if (given.some(({ ref }) => !listed.has(ref.objectId))) {
      throw new HauloutError('not-final-yet', {});
    }
  };
  const isPassing = (error: unknown) =>
    isChainTrouble(error) || isHauloutError(error, 'not-final-yet');
  await persist(ports, CHAIN_PATIENCE, look, isPassing, signal).catch(() => undefined);
}
