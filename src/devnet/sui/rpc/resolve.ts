import { GrpcTypes } from '@mysten/sui/grpc';
import { COMPUTATION_UNITS } from '../execute/gas.ts';
import { LIMITS } from '../execute/limits.ts';
import {
  type CallArg,
  type Command,
  type ParsedTransaction,
  parsedFrom,
  parseTransaction,
  type TransactionData,
} from '../execute/transaction.ts';
import type { LedgerObject } from '../ledger/ledger-object.ts';
import type { ObjectReader } from '../ledger/object-store.ts';
import { invalid, notFound, unimplemented } from '../status.ts';
import type { Registry } from '../types/registry.ts';
import { parseAddress } from '../types/type-tag.ts';
import { expirationOf, pureInput, structuredTransaction } from './proto/request.ts';

/** A transaction with all objects found; its gas may still be open. */
export interface ResolvedTransaction {
  readonly tx: ParsedTransaction;
  readonly budgetGiven: boolean;
}

/**
 * Fills in what the sender left open: versions and owners of objects, mutability, price.
 *
 * @throws RpcStatus INVALID_ARGUMENT, NOT_FOUND for an object
 */
export function resolveTransaction(
  message: GrpcTypes.Transaction | undefined,
  objects: ObjectReader,
  registry: Registry,
  gasPrice: bigint,
): ResolvedTransaction {
  if (!message) throw invalid('transaction is missing');
  if (message.bcs?.value) {
    const tx = parseTransaction(message.bcs.value);
    return { tx, budgetGiven: true };
  }
  const { inputs, commands } = structuredTransaction(message);
  const written = writtenInputs(commands, registry);
  const sender = parseAddress(message.sender, 'sender');
  const gas = message.gasPayment;
  const price = gas?.price ?? gasPrice;
  const data: TransactionData = {
    kind: {
      $kind: 'ProgrammableTransaction',
      ProgrammableTransaction: {
        inputs: inputs.map((input, i) => resolveInput(input, written.has(i), objects)),
        commands: [...commands],
      },
    },
    sender,
    gasData: {
      payment: (gas?.objects ?? []).map((reference) => referenceOf(reference, objects)),
      owner: gas?.owner === undefined ? sender : parseAddress(gas.owner, 'gas owner'),
      price: price.toString(),
      budget: (gas?.budget ?? LIMITS.maxBudget).toString(),
    },
    expiration: expirationOf(message.expiration),
  };
  return { tx: parsedFrom(data), budgetGiven: gas?.budget !== undefined };
}

function resolveInput(input: GrpcTypes.Input, written: boolean, objects: ObjectReader): CallArg {
  const { Input_InputKind: Kind } = GrpcTypes;
  if (input.kind === Kind.PURE || input.pure) return pureInput(input.pure ?? new Uint8Array());
  if (input.kind === Kind.FUNDS_WITHDRAWAL || input.fundsWithdrawal) {
    throw unimplemented('the local chain has no address balances: funds withdrawals are refused');
  }
  if (input.literal) throw unimplemented('the local chain takes pure inputs as BCS only');
  if (input.kind === Kind.RECEIVING) {
    throw unimplemented('the local chain does not receive objects that were sent to objects');
  }
  const object = find(parseAddress(input.objectId, 'object id'), objects);
  if (input.kind === Kind.SHARED || object.owner.kind === 'shared') {
    if (object.owner.kind !== 'shared') throw invalid(`Object ${object.id} is not a shared object`);
    const SharedObject = {
      objectId: object.id,
      initialSharedVersion: (input.version ?? object.owner.initialVersion).toString(),
      mutable: input.mutable ?? written,
    };
    return { $kind: 'Object', Object: { $kind: 'SharedObject', SharedObject } };
  }
  const ImmOrOwnedObject = referenceOf(input, objects);
  return { $kind: 'Object', Object: { $kind: 'ImmOrOwnedObject', ImmOrOwnedObject } };
}

function referenceOf(
  given: { objectId?: string; version?: bigint; digest?: string },
  objects: ObjectReader,
) {
  const object = find(parseAddress(given.objectId, 'object id'), objects);
  return {
    objectId: object.id,
    version: (given.version ?? object.version).toString(),
    digest: given.digest ?? object.digest,
  };
}

function find(id: string, objects: ObjectReader): LedgerObject {
  const object = objects.get(id);
  if (!object) throw notFound(`Object ${id} not found`);
  return object;
}

/** Positions of the inputs that some command changes or takes. */
function writtenInputs(commands: readonly Command[], registry: Registry): Set<number> {
  const written = new Set<number>();
  for (const command of commands) {
    switch (command.$kind) {
      case 'MoveCall': {
        const { package: id, module, function: name, arguments: given } = command.MoveCall;
        const parameters = registry.findFunction(id, module, name)?.function.parameters ?? [];
        for (const [i, argument] of given.entries()) {
          const type = parameters[i];
          const reads = typeof type === 'object' && 'reference' in type;
          if (argument.$kind === 'Input' && !reads) written.add(argument.Input);
        }
        break;
      }
      case 'SplitCoins':
        note(written, [command.SplitCoins.coin]);
        break;
      case 'MergeCoins':
        note(written, [command.MergeCoins.destination, ...command.MergeCoins.sources]);
        break;
      case 'TransferObjects':
        note(written, command.TransferObjects.objects);
        break;
      case 'MakeMoveVec':
        note(written, command.MakeMoveVec.elements);
        break;
    }
  }
  return written;
}

function note(written: Set<number>, list: readonly { $kind: string; Input?: number }[]): void {
  for (const argument of list) if (argument.Input !== undefined) written.add(argument.Input);
}

/** Keeps `max(computation + storage - rebate, computation)` and a reserve for the next price. */
export function budgetFor(
  gas: {
    computationCost: bigint;
    storageCost: bigint;
    storageRebate: bigint;
  },
  price: bigint,
): bigint {
  const net = gas.computationCost + gas.storageCost - gas.storageRebate;
  const needed = net > gas.computationCost ? net : gas.computationCost;
  const budget = needed + COMPUTATION_UNITS * price;
  return budget < LIMITS.maxBudget ? budget : LIMITS.maxBudget;
}
