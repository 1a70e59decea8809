import { toBase64 } from '@mysten/bcs';
import { GrpcTypes } from '@mysten/sui/grpc';
import type { Argument, Command, TransactionData } from '../../execute/transaction.ts';
import { invalid, unimplemented } from '../../status.ts';
import { normalizeType, parseAddress } from '../../types/type-tag.ts';
import { milliseconds } from './common.ts';

type Message = GrpcTypes.Transaction;

/** The inputs and commands of a transaction that was sent in parts. Inputs may still be without version. */
export interface StructuredTransaction {
  readonly inputs: readonly GrpcTypes.Input[];
  readonly commands: readonly Command[];
}

/** @throws RpcStatus INVALID_ARGUMENT, UNIMPLEMENTED */
export function structuredTransaction(message: Message): StructuredTransaction {
  const data = message.kind?.data;
  if (data?.oneofKind !== 'programmableTransaction') {
    throw unimplemented('the local chain takes programmable transactions only');
  }
  const { inputs, commands } = data.programmableTransaction;
  return { inputs, commands: commands.map(commandOf) };
}

function commandOf(message: GrpcTypes.Command): Command {
  const { command } = message;
  switch (command.oneofKind) {
    case 'moveCall': {
      const {
        package: id,
        module = '',
        function: name = '',
        typeArguments,
        arguments: given,
      } = command.moveCall;
      const MoveCall = {
        package: parseAddress(id, 'package'),
        module,
        function: name,
        typeArguments: typeArguments.map(normalizeType),
        arguments: given.map(argumentOf),
      };
      return { $kind: 'MoveCall', MoveCall };
    }
    case 'transferObjects': {
      const { objects, address } = command.transferObjects;
      const TransferObjects = { objects: objects.map(argumentOf), address: argumentOf(address) };
      return { $kind: 'TransferObjects', TransferObjects };
    }
    case 'splitCoins': {
      const { coin, amounts } = command.splitCoins;
      return {
        $kind: 'SplitCoins',
        SplitCoins: { coin: argumentOf(coin), amounts: amounts.map(argumentOf) },
      };
    }
    case 'mergeCoins': {
      const { coin, coinsToMerge } = command.mergeCoins;
      const MergeCoins = { destination: argumentOf(coin), sources: coinsToMerge.map(argumentOf) };
      return { $kind: 'MergeCoins', MergeCoins };
    }
    case 'makeMoveVector': {
      const { elementType, elements } = command.makeMoveVector;
      const type = elementType === undefined ? null : normalizeType(elementType);
      return { $kind: 'MakeMoveVec', MakeMoveVec: { type, elements: elements.map(argumentOf) } };
    }
    case 'publish':
    case 'upgrade':
      throw unimplemented(`the local chain has no Move compiler: ${command.oneofKind} is refused`);
    default:
      throw invalid('a command is missing');
  }
}

function argumentOf(message: GrpcTypes.Argument | undefined): Argument {
  const { Argument_ArgumentKind: Kind } = GrpcTypes;
  const { kind, input = 0, result = 0, subresult } = message ?? {};
  if (kind === Kind.GAS) return { $kind: 'GasCoin', GasCoin: true };
  if (kind === Kind.INPUT) return { $kind: 'Input', Input: index(input) };
  if (kind !== Kind.RESULT) throw invalid('an argument has no kind');
  if (subresult === undefined) return { $kind: 'Result', Result: index(result) };
  return { $kind: 'NestedResult', NestedResult: [index(result), index(subresult)] };
}

function index(value: number): number {
  if (value > 0xffff) throw invalid(`the index ${value} of an argument is too large`);
  return value;
}

export function expirationOf(message: Message['expiration']): TransactionData['expiration'] {
  const { TransactionExpiration_TransactionExpirationKind: Kind } = GrpcTypes;
  switch (message?.kind) {
    case undefined:
    case Kind.TRANSACTION_EXPIRATION_KIND_UNKNOWN:
    case Kind.NONE:
      return { $kind: 'None', None: true };
    case Kind.EPOCH:
      return { $kind: 'Epoch', Epoch: Number(message.epoch ?? 0n) };
    case Kind.VALID_DURING:
      return { $kind: 'ValidDuring', ValidDuring: rulesOf(message) };
    default:
      throw unimplemented('the local chain does not know this kind of expiration');
  }
}

function rulesOf(message: NonNullable<Message['expiration']>) {
  return {
    minEpoch: message.minEpoch?.toString() ?? null,
    maxEpoch: message.epoch?.toString() ?? null,
    minTimestamp: message.minTimestamp ? milliseconds(message.minTimestamp) : null,
    maxTimestamp: message.maxTimestamp ? milliseconds(message.maxTimestamp) : null,
    chain: message.chain ?? '',
    nonce: message.nonce ?? 0,
  };
}

export const pureInput = (bytes: Uint8Array) =>
  ({ $kind: 'Pure', Pure: { bytes: toBase64(bytes) } }) as const;
