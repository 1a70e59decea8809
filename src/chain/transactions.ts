import { TransactionError } from '@mysten/sui/client';
import { parseSerializedSignature } from '@mysten/sui/cryptography';
import { TransactionDataBuilder } from '@mysten/sui/transactions';
import { normalizeSuiAddress } from '@mysten/sui/utils';
import { publicKeyFromRawBytes, verifyTransactionSignature } from '@mysten/sui/verify';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import { transactionDigest } from './build/build-transaction.ts';
import type { ExecutedTransaction, FoundMarker, FoundPurchase } from './chain-client.ts';
import { type Endpoints, isFinal, unavailable } from './endpoints.ts';
import { executedOf, INCLUDE } from './executed.ts';
import { historyOf } from './object-history.ts';
import { markersOf, purchasesOf } from './sent.ts';
import { lifeOf, type TransactionLife, whyDead } from './why-dead.ts';

/** When to look for a transaction after it was sent, in ms after the last look. */
const LOOKS_MS = [0, 300, 300, 600, 1_000, 2_000];
const AGAIN_MS = 1_000; // before a lone endpoint is asked again for what it does not know
const REFUSED_MS = 3_000; // before bytes are sent again that were refused and are not dead
const EXECUTE_MS = 60_000; // after that the outcome is left open

type Signal = AbortSignal | undefined;

/** Sends transactions and finds out what became of them. */
export class Transactions {
  readonly #endpoints: Endpoints;
  readonly #clock: Clock;

  constructor(endpoints: Endpoints, clock: Clock) {
    this.#endpoints = endpoints;
    this.#clock = clock;
  }

  /** undefined only if every endpoint says that it does not know it; a lone one is asked twice. */
  async find(digest: string, signal: Signal): Promise<ExecutedTransaction | undefined> {
    const rounds = this.#endpoints.count > 1 ? [0] : [0, AGAIN_MS];
    for (const pause of rounds) {
      if (pause > 0) await this.#clock.sleep(pause, signal);
      const found = await this.#look(digest, signal);
      if (found === 'unclear') throw unavailable('not every full node answers');
      if (found !== 'unknown') return found;
    }
    return undefined;
  }

  history(objectId: string, signal: Signal): Promise<readonly ExecutedTransaction[]> {
    return this.#endpoints.first((client, inner) => historyOf(client, objectId, inner), signal);
  }

  whyDead(life: TransactionLife, signal: Signal): Promise<string | undefined> {
    return whyDead(life, this.#endpoints, signal);
  }

  /** Tries bytes as they are. */
  async simulate(bytes: Uint8Array, signal: Signal): Promise<ExecutedTransaction> {
    try {
      const result = await this.#endpoints.ask(
        ({ core }, inner) =>
          core.simulateTransaction({
            ...{ transaction: bytes, include: INCLUDE, signal: inner, doGasSelection: false },
          }),
        signal,
      );
      return executedOf(result);
    } catch (error) {
      throw refusedAs(error);
    }
  }

  /** See `ChainClient.execute`. */
  async execute(
    bytes: Uint8Array,
    signatures: readonly string[],
    signal: Signal,
  ): Promise<ExecutedTransaction> {
    const digest = transactionDigest(bytes);
    await demandSigned(bytes, signatures, digest);
    const end = this.#clock.monotonic() + EXECUTE_MS;
    try {
      while (this.#clock.monotonic() < end) {
        const refused = await this.#send(bytes, signatures, signal);
        const found = await this.#await(digest, refused, signal);
        if (found !== undefined) return found;
        if (refused === undefined) continue;
        const reason = await this.whyDead(lifeOf(bytes), signal);
        if (reason === undefined) {
          await this.#clock.sleep(REFUSED_MS, signal);
          continue;
        }
        // It may have been executed while its death was looked into.
        const late = await this.find(digest, signal);
        if (late !== undefined) return late;
        throw new HauloutError('transaction-refused', { reason, digest }, { cause: refused });
      }
    } catch (error) {
      if (isHauloutError(error, 'chain-unavailable')) {
        throw new HauloutError('outcome-unknown', { digest }, { cause: error });
      }
      throw error;
    }
    throw new HauloutError('outcome-unknown', { digest });
  }

  markers(sender: string, signal: Signal): Promise<FoundMarker[]> {
    return markersOf(this.#endpoints, sender, signal);
  }

  purchases(
    sender: string,
    blobIds: ReadonlySet<string>,
    signal: Signal,
  ): Promise<FoundPurchase[]> {
    return purchasesOf(this.#endpoints, sender, blobIds, signal);
  }

  /** @returns why it was refused; undefined if it was taken, or if nobody knows */
  async #send(bytes: Uint8Array, signatures: readonly string[], signal: Signal): Promise<unknown> {
    try {
      await this.#endpoints.ask(
        ({ core }, inner) =>
          core.executeTransaction({
            ...{ transaction: bytes, signatures: [...signatures], signal: inner },
          }),
        signal,
      );
      return undefined;
    } catch (error) {
      if (isHauloutError(error)) throw error;
      return error;
    }
  }

  /**
   * Looks until it is found. What was refused is looked for in full only once: it may have been
   * executed before, and then its inputs are gone.
   */
  async #await(digest: string, refused: unknown, signal: Signal) {
    if (refused !== undefined) return this.find(digest, signal);
    for (const pause of LOOKS_MS) {
      if (pause > 0) await this.#clock.sleep(pause, signal);
      const found = await this.#look(digest, signal);
      if (typeof found === 'object') return found;
    }
    return undefined;
  }

  /** One look at every endpoint. */
  async #look(
    digest: string,
    signal: Signal,
  ): Promise<ExecutedTransaction | 'unknown' | 'unclear'> {
    const asked = this.#endpoints.each(async ({ core }, inner) => {
      try {
        return executedOf(await core.getTransaction({ digest, include: INCLUDE, signal: inner }));
      } catch (error) {
        if (error instanceof TransactionError) return 'unknown' as const;
        throw error;
      }
    }, signal);
    return new Promise((resolve, reject) => {
      // The first that knows it is enough; that nobody does, only all can say.
      for (const one of asked) {
        one.then(
          (found) => found !== 'unknown' && resolve(found),
          () => {},
        );
      }
      Promise.allSettled(asked).then((answers) => {
        if (signal?.aborted) reject(new HauloutError('aborted', {}));
        resolve(answers.every(({ status }) => status === 'fulfilled') ? 'unknown' : 'unclear');
      });
    });
  }
}

/**
 * Refuses signatures that no validator would take, before anybody sees the bytes: those of other
 * bytes, and those of an account that is not the sender. Whether a zkLogin proof holds is left to
 * the chain, whose it is is not.
 */
async function demandSigned(bytes: Uint8Array, signatures: readonly string[], digest: string) {
  try {
    const address = normalizeSuiAddress(TransactionDataBuilder.fromBytes(bytes).sender ?? '');
    for (const signature of signatures) {
      const parsed = parseSerializedSignature(signature);
      if (parsed.signatureScheme !== 'ZkLogin') {
        await verifyTransactionSignature(bytes, signature, { address });
        continue;
      }
      const signer = publicKeyFromRawBytes('ZkLogin', parsed.publicKey);
      if (!signer.verifyAddress(address)) throw new Error('of another account');
    }
  } catch (cause) {
    const reason = 'the signature does not belong to it';
    throw new HauloutError('transaction-refused', { reason, digest }, { cause });
  }
}

/** What a full node will not do, as our error; trouble stays what it is. */
function refusedAs(error: unknown): HauloutError {
  if (isHauloutError(error)) return error;
  if (!isFinal(error)) return unavailable(error);
  const reason = error instanceof Error ? error.message : String(error);
  return new HauloutError('transaction-refused', { reason }, { cause: error });
}
