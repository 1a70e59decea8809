import { GrpcTypes } from '@mysten/sui/grpc';
import type { Clock } from '../../../protocol/ports.ts';
import type { SuiChain } from '../chain.ts';
import { LIMITS } from '../execute/limits.ts';
import type { Outcome } from '../execute/run.ts';
import {
  type ParsedTransaction,
  parsedFrom,
  parseTransaction,
  type TransactionData,
} from '../execute/transaction.ts';
import { CLOCK_ID, coinBalance, GAS_COIN_TYPE } from '../ledger/ledger-object.ts';
import { compareOwned } from '../ledger/object-store.ts';
import { Code, invalid, RpcStatus } from '../status.ts';
import { formatType } from '../types/type-tag.ts';
import { bcsMessage } from './proto/common.ts';
import { executedMessage, simulatedMessage } from './proto/executed.ts';
import { applyMask } from './read-mask.ts';
import { budgetFor, resolveTransaction } from './resolve.ts';
import { methodsOf } from './service.ts';

const MAX_SIGNATURES = 16;

export function executionService(chain: SuiChain, clock: Clock) {
  return methodsOf(GrpcTypes.TransactionExecutionService, {
    unary: {
      ExecuteTransaction: (request: GrpcTypes.ExecuteTransactionRequest) =>
        executeTransaction(chain, clock, request),
      SimulateTransaction: (request: GrpcTypes.SimulateTransactionRequest) =>
        new Simulation(chain, request).answer(),
    },
  });
}

async function executeTransaction(
  chain: SuiChain,
  clock: Clock,
  request: GrpcTypes.ExecuteTransactionRequest,
): Promise<GrpcTypes.ExecuteTransactionResponse> {
  const bytes = request.transaction?.bcs?.value;
  if (!bytes)
    throw invalid('transaction.bcs is missing: the local chain executes signed bytes only');
  if (request.signatures.length > MAX_SIGNATURES) throw invalid('too many signatures');
  const signatures = request.signatures.map(({ bcs }) => {
    if (!bcs?.value) throw invalid('a signature is missing its bcs');
    return bcs.value;
  });
  if (chain.faults.takePretence()) return pretend(chain, bytes, request);
  const executed = await chain.execute(bytes, signatures, () => chain.faults.takeFailure());
  const { answerDelayMs } = chain.faults.now;
  if (answerDelayMs > 0) {
    chain.faults.count('answerDelayMs');
    await clock.sleep(answerDelayMs);
  }
  if (chain.faults.takeDrop()) throw new DroppedAnswer();
  const message = executedMessage(executed, chain.ledger);
  const defaults = ['effects.status', 'checkpoint'];
  return {
    transaction: applyMask(GrpcTypes.ExecutedTransaction, message, request.readMask, defaults),
  };
}

/** Says that the transaction was executed, and does nothing. */
function pretend(
  chain: SuiChain,
  bytes: Uint8Array,
  { readMask }: GrpcTypes.ExecuteTransactionRequest,
): GrpcTypes.ExecuteTransactionResponse {
  const tx = parseTransaction(bytes);
  const message = simulatedMessage(tx, chain.trial(tx, 'coins'), chain.ledger.registry);
  const defaults = ['effects.status', 'checkpoint'];
  return { transaction: applyMask(GrpcTypes.ExecutedTransaction, message, readMask, defaults) };
}

/** The transaction is committed, and nobody is told. The transport breaks the connection. */
export class DroppedAnswer extends RpcStatus {
  constructor() {
    super(Code.unavailable, 'the connection was closed before the answer');
  }
}

/** One call of SimulateTransaction: resolves, finds budget and coins, tries. */
class Simulation {
  private readonly chain: SuiChain;
  private readonly request: GrpcTypes.SimulateTransactionRequest;
  private readonly checks: boolean;
  private readonly view;
  private readonly timestampMs: number;

  constructor(chain: SuiChain, request: GrpcTypes.SimulateTransactionRequest) {
    this.chain = chain;
    this.request = request;
    this.view = chain.view();
    this.timestampMs = chain.now();
    const { SimulateTransactionRequest_TransactionChecks: Checks } = GrpcTypes;
    this.checks = request.checks !== Checks.DISABLED;
  }

  answer(): GrpcTypes.SimulateTransactionResponse {
    const { registry } = this.chain.ledger;
    const resolved = resolveTransaction(
      this.request.transaction,
      this.reader(),
      registry,
      this.chain.epochState.gasPrice,
    );
    let tx = resolved.tx;
    if (!resolved.budgetGiven) {
      const tried = this.try(tx, 'invented');
      const price = BigInt(tx.data.gasData.price);
      tx = withGas(tx, { budget: budgetFor(tried.gas, price).toString() });
    }
    const payment = this.request.doGasSelection && this.checks ? 'coins' : 'invented';
    if (payment === 'coins' && tx.data.gasData.payment.length === 0) {
      tx = withGas(tx, { payment: this.selectGas(tx) });
    }
    const paid = tx.data.gasData.payment.length > 0 && this.checks;
    const outcome = this.try(tx, paid ? 'coins' : 'invented');
    const told = this.lie(tx);
    const message = simulatedMessage(told, outcome, registry);
    const response: GrpcTypes.SimulateTransactionResponse = {
      transaction: message,
      commandOutputs: outcome.returned.map((values) => ({
        returnValues: values.map(({ type, bytes }) => ({
          value: bcsMessage(formatType(type), bytes),
        })),
        mutatedByRef: [],
      })),
      suggestedGasPrice: BigInt(told.data.gasData.price),
    };
    return applyMask(GrpcTypes.SimulateTransactionResponse, response, this.request.readMask, ['*']);
  }

  private reader() {
    const clock = this.chain.ledger.at(this.timestampMs);
    return { get: (id: string) => (id === CLOCK_ID ? clock.get(id) : this.view.get(id)) };
  }

  private try(tx: ParsedTransaction, payment: 'coins' | 'invented'): Outcome {
    const { timestampMs, checks: ownership } = this;
    return this.chain.trial(tx, payment, { objects: this.reader(), timestampMs, ownership });
  }

  private selectGas(tx: ParsedTransaction) {
    const { owner, budget } = tx.data.gasData;
    const { inputs, commands } = tx.programmable;
    const used = new Set(
      inputs.flatMap((input) =>
        input.$kind === 'Object' && input.Object.$kind === 'ImmOrOwnedObject'
          ? [input.Object.ImmOrOwnedObject.objectId]
          : [],
      ),
    );
    const coins = this.view
      .ownedBy(owner)
      .filter(({ type, id }) => type === GAS_COIN_TYPE && !used.has(id))
      .sort(compareOwned)
      .slice(0, LIMITS.gasCoins);
    // Commands that use the gas coin need more than the budget: give them all.
    const needsAll = JSON.stringify(commands).includes('"GasCoin"');
    let sum = 0n;
    const chosen = coins.filter((coin) => {
      if (!needsAll && sum >= BigInt(budget)) return false;
      sum += coinBalance(coin.contents);
      return true;
    });
    if (sum < BigInt(budget)) {
      throw invalid(
        `Unable to perform gas selection due to insufficient SUI balance for account ${owner} to satisfy required budget ${budget}`,
      );
    }
    return chosen.map(({ id, version, digest }) => ({
      objectId: id,
      version: version.toString(),
      digest,
    }));
  }

  /** What the full node says it resolved, when it lies about gas. */
  private lie(tx: ParsedTransaction): ParsedTransaction {
    const { price, budget, owner, coins } = this.chain.faults.now.gas;
    if (price === undefined && budget === undefined && owner === undefined && !coins) return tx;
    this.chain.faults.count('gas');
    const payment = coins?.flatMap((id) => {
      const coin = this.view.get(id);
      return coin ? [{ objectId: id, version: coin.version.toString(), digest: coin.digest }] : [];
    });
    return withGas(tx, {
      ...(price === undefined ? {} : { price: price.toString() }),
      ...(budget === undefined ? {} : { budget: budget.toString() }),
      ...(owner === undefined ? {} : { owner }),
      ...(payment ? { payment } : {}),
    });
  }
}

function withGas(
  tx: ParsedTransaction,
  gas: Partial<TransactionData['gasData']>,
): ParsedTransaction {
  return parsedFrom({ ...tx.data, gasData: { ...tx.data.gasData, ...gas } });
}
