import { bcs, fromBase58, toBase58 } from '@mysten/bcs';
import { Address, Bool, Bytes, List, Text, U8, U16, U64 } from './base.ts';

/**
 * A transaction as far as this client writes any: programmable, with four kinds of commands, no type
 * arguments, inputs that are bytes or objects, and an epoch in which it ends. Others do not parse.
 */

const DIGEST_BYTES = 32;

const Digest = Bytes.transform({
  name: 'ObjectDigest',
  input: (text: string) => fromBase58(text),
  output: (bytes) => {
    if (bytes.length !== DIGEST_BYTES) throw new RangeError(`a digest of ${bytes.length} bytes`);
    return toBase58(bytes);
  },
});

const Version = U64.transform({
  name: 'SequenceNumber',
  input: (text: string) => BigInt(text),
  output: (version) => version.toString(),
});

const ObjectRef = bcs.struct('ObjectRef', { objectId: Address, version: Version, digest: Digest });

const Input = bcs.enum('CallArg', {
  Pure: Bytes,
  Object: bcs.enum('ObjectArg', {
    ImmOrOwnedObject: ObjectRef,
    SharedObject: bcs.struct('SharedObject', {
      objectId: Address,
      initialSharedVersion: Version,
      mutable: Bool,
    }),
  }),
});

const Argument = bcs.enum('Argument', {
  GasCoin: null,
  Input: U16,
  Result: U16,
  NestedResult: bcs.tuple([U16, U16]),
});

const Command = bcs.enum('Command', {
  MoveCall: bcs.struct('ProgrammableMoveCall', {
    package: Address,
    module: Text,
    function: Text,
    typeArgumentCount: U8, // 0
    arguments: List(Argument),
  }),
  TransferObjects: bcs.struct('TransferObjects', { objects: List(Argument), address: Argument }),
  SplitCoins: bcs.struct('SplitCoins', { coin: Argument, amounts: List(Argument) }),
  MergeCoins: bcs.struct('MergeCoins', { destination: Argument, sources: List(Argument) }),
});

export const TransactionData = bcs.enum('TransactionData', {
  V1: bcs.struct('TransactionDataV1', {
    kind: bcs.enum('TransactionKind', {
      ProgrammableTransaction: bcs.struct('ProgrammableTransaction', {
        inputs: List(Input),
        commands: List(Command),
      }),
    }),
    sender: Address,
    gasData: bcs.struct('GasData', {
      payment: List(ObjectRef),
      owner: Address,
      price: U64,
      budget: U64,
    }),
    expiration: bcs.enum('TransactionExpiration', { None: null, Epoch: U64 }),
  }),
});

export type TransactionData = typeof TransactionData.$inferType;
export type Input = typeof Input.$inferType;
export type Argument = typeof Argument.$inferType;
export type Command = typeof Command.$inferType;
