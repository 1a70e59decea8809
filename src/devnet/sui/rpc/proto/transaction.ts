import { fromBase64 } from '@mysten/bcs';
import { GrpcTypes } from '@mysten/sui/grpc';
import type { Argument, CallArg, Command, TransactionData } from '../../execute/transaction.ts';
import { invalid } from '../../status.ts';
import { timestamp } from './common.ts';

/** The parsed form of a transaction, without bytes and digest. */
export function transactionMessage(data: TransactionData): GrpcTypes.Transaction {
  return {
    version: 1,
    kind: kindMessage(data.kind),
    sender: data.sender,
    gasPayment: {
      objects: data.gasData.payment.map(({ objectId, version, digest }) => ({
        objectId,
        version: BigInt(version),
        digest,
      })),
      owner: data.gasData.owner,
      price: BigInt(data.gasData.price),
      budget: BigInt(data.gasData.budget),
    },
    expiration: expirationMessage(data.expiration),
  };
}

function kindMessage(kind: TransactionData['kind']): GrpcTypes.TransactionKind {
  if (kind.$kind !== 'ProgrammableTransaction') throw invalid(`${kind.$kind} cannot be shown`);
  return {
    kind: GrpcTypes.TransactionKind_Kind.PROGRAMMABLE_TRANSACTION,
    data: {
      oneofKind: 'programmableTransaction',
      programmableTransaction: {
        inputs: kind.ProgrammableTransaction.inputs.map(inputMessage),
        commands: kind.ProgrammableTransaction.commands.map(commandMessage),
      },
    },
  };
}

function inputMessage(input: CallArg): GrpcTypes.Input {
  const { Input_InputKind: Kind, Input_Mutability: Mutability } = GrpcTypes;
  if (input.$kind === 'Pure') return { kind: Kind.PURE, pure: fromBase64(input.Pure.bytes) };
  if (input.$kind !== 'Object') throw invalid(`an input of kind ${input.$kind} cannot be shown`);
  const argument = input.Object;
  if (argument.$kind === 'SharedObject') {
    const { objectId, initialSharedVersion, mutable } = argument.SharedObject;
    return {
      kind: Kind.SHARED,
      objectId,
      version: BigInt(initialSharedVersion),
      mutable,
      mutability: mutable ? Mutability.MUTABLE : Mutability.IMMUTABLE,
    };
  }
  const owned = argument.$kind === 'ImmOrOwnedObject';
  const { objectId, version, digest } = owned ? argument.ImmOrOwnedObject : argument.Receiving;
  const kind = owned ? Kind.IMMUTABLE_OR_OWNED : Kind.RECEIVING;
  return { kind, objectId, version: BigInt(version), digest };
}

export function argumentMessage(argument: Argument): GrpcTypes.Argument {
  const { Argument_ArgumentKind: Kind } = GrpcTypes;
  switch (argument.$kind) {
    case 'GasCoin':
      return { kind: Kind.GAS };
    case 'Input':
      return { kind: Kind.INPUT, input: argument.Input };
    case 'Result':
      return { kind: Kind.RESULT, result: argument.Result };
    case 'NestedResult': {
      const [result, subresult] = argument.NestedResult;
      return { kind: Kind.RESULT, result, subresult };
    }
  }
}

function commandMessage(command: Command): GrpcTypes.Command {
  const all = (list: readonly Argument[]) => list.map(argumentMessage);
  switch (command.$kind) {
    case 'MoveCall': {
      const {
        package: id,
        module,
        function: name,
        typeArguments,
        arguments: given,
      } = command.MoveCall;
      const moveCall = {
        package: id,
        module,
        function: name,
        typeArguments,
        arguments: all(given),
      };
      return { command: { oneofKind: 'moveCall', moveCall } };
    }
    case 'TransferObjects': {
      const { objects, address } = command.TransferObjects;
      const transferObjects = { objects: all(objects), address: argumentMessage(address) };
      return { command: { oneofKind: 'transferObjects', transferObjects } };
    }
    case 'SplitCoins': {
      const { coin, amounts } = command.SplitCoins;
      const splitCoins = { coin: argumentMessage(coin), amounts: all(amounts) };
      return { command: { oneofKind: 'splitCoins', splitCoins } };
    }
    case 'MergeCoins': {
      const { destination, sources } = command.MergeCoins;
      const mergeCoins = { coin: argumentMessage(destination), coinsToMerge: all(sources) };
      return { command: { oneofKind: 'mergeCoins', mergeCoins } };
    }
    case 'MakeMoveVec': {
      const { type, elements } = command.MakeMoveVec;
      const makeMoveVector = {
        ...(type === null ? {} : { elementType: type }),
        elements: all(elements),
      };
      return { command: { oneofKind: 'makeMoveVector', makeMoveVector } };
    }
    default:
      throw invalid(`a command ${command.$kind} cannot be shown`);
  }
}

function expirationMessage(
  expiration: TransactionData['expiration'],
): GrpcTypes.TransactionExpiration {
  const { TransactionExpiration_TransactionExpirationKind: Kind } = GrpcTypes;
  if (expiration.$kind === 'None') return { kind: Kind.NONE };
  if (expiration.$kind === 'Epoch') return { kind: Kind.EPOCH, epoch: BigInt(expiration.Epoch) };
  const during = expiration.$kind === 'ValidDuring';
  const rules = during ? expiration.ValidDuring : expiration.Validity;
  return {
    kind: during ? Kind.VALID_DURING : Kind.VALIDITY,
    ...(rules.minEpoch === null ? {} : { minEpoch: BigInt(rules.minEpoch) }),
    ...(rules.maxEpoch === null ? {} : { epoch: BigInt(rules.maxEpoch) }),
    ...(rules.minTimestamp === null ? {} : { minTimestamp: timestamp(Number(rules.minTimestamp)) }),
    ...(rules.maxTimestamp === null ? {} : { maxTimestamp: timestamp(Number(rules.maxTimestamp)) }),
    chain: rules.chain,
    nonce: rules.nonce,
  };
}
