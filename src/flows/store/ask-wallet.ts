import type { PreparedTransaction } from '../../chain/chain-client.ts';
import { demandChain } from '../../chain/wallet/wallet-chain.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { WalletPort } from '../../protocol/ports.ts';
import type { AskedBytes, SignedBytes } from '../../store/journal-facts.ts';
import type { IntentRun } from './intent-run.ts';

/**
 * The wallet of the account that an intent belongs to.
 *
 * @throws HauloutError 'wallet-missing', 'wallet-account-changed', 'network-mismatch'
 */
export function walletFor({ ports, state }: IntentRun): WalletPort {
  const wallet = ports.wallet();
  const account = wallet?.account();
  if (wallet === undefined || account === undefined) throw new HauloutError('wallet-missing', {});
  const { payer: expected } = state.plan;
  if (account.address !== expected) {
    throw new HauloutError('wallet-account-changed', { expected, actual: account.address });
  }
  demandChain(account, ports.chain.network);
  return wallet;
}

/**
 * Writes down what the wallet is about to see, shows it, and reads what comes back. Nothing is sent
 * here: whoever calls writes the signature down first.
 *
 * @throws HauloutError those of the wallet; 'transaction-altered' if it signed something else
 */
export async function askWallet(
  run: IntentRun,
  wallet: WalletPort,
  prepared: PreparedTransaction,
  { purpose, certifies }: Pick<SignedBytes, 'purpose' | 'certifies'>,
  signal: AbortSignal,
  onSilent?: (error: HauloutError) => void,
): Promise<SignedBytes> {
  const { bytes, digest, expirationEpoch } = prepared;
  const inputs = ownedInputs(prepared);
  const transaction = { purpose, certifies, digest, expirationEpoch, inputs };
  if (!run.state.asked.some((each) => each.digest === digest)) {
    await run.append([{ kind: 'asked', transaction }]);
  }
  const answer = await answerOf(run, wallet.sign(bytes, signal), signal, onSilent);
  const decoded = await run.ports.chain.check(prepared, answer.bytes, signal);
  return {
    purpose,
    certifies,
    bytes: answer.bytes,
    signatures: [answer.signature],
    digest: decoded.digest,
    expirationEpoch: decoded.expirationEpoch,
  };
}

const SILENT_MS = 60_000;

/** Wallets need not listen to a signal: what they answer to a cancelled question is not heard. */
async function answerOf<T>(
  { ports: { clock } }: IntentRun,
  asked: Promise<T>,
  signal: AbortSignal,
  onSilent?: (error: HauloutError) => void,
): Promise<T> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const silence = async () => {
    await clock.sleep(SILENT_MS, ended);
    onSilent?.(new HauloutError('wallet-silent', { seconds: SILENT_MS / 1_000 }));
  };
  silence().catch(() => undefined);
  const abort = new Promise<never>((_, reject) => {
    const stop = () => reject(new HauloutError('aborted', {}));
    if (signal.aborted) stop();
    else ended.addEventListener('abort', stop, { once: true });
  });
  abort.catch(() => undefined);
  try {
    return await Promise.race([asked, abort]);
  } catch (error) {
    throw isHauloutError(error) ? error : new HauloutError('wallet-rejected', {}, { cause: error });
  } finally {
    over.abort();
  }
}

/** Owned objects that a transaction of ours takes, gas included. */
export function ownedInputs({ plan, gas }: PreparedTransaction): AskedBytes['inputs'] {
  const refs = [...gas.coins];
  if (plan.kind === 'register') {
    refs.push(...plan.payment.coins, ...plan.pools.flatMap(({ parts }) => parts));
  } else if (plan.kind === 'extend') {
    refs.push(...plan.payment.coins, ...plan.blobs.map(({ blob }) => blob));
  } else if (plan.kind === 'certify') {
    refs.push(...plan.blobs.map(({ blob }) => blob));
  }
  return refs.map(({ objectId, version }) => ({ objectId, version }));
}
