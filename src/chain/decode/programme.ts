import { fromBase64 } from '@mysten/bcs';
import { bcs } from '@mysten/sui/bcs';
import { demand, refuse } from './refuse.ts';
import type { Value } from './values.ts';

type Data = (typeof bcs.TransactionDataV1)['$inferType'];
export type Command = (typeof bcs.Command)['$inferType'];
export type Argument = (typeof bcs.Argument)['$inferType'];
type CallArg = (typeof bcs.CallArg)['$inferType'];

/** Bytes of a transaction, taken apart. */
export interface Programme {
  readonly sender: string;
  readonly gas: Data['gasData'];
  readonly expirationEpoch: bigint;
  readonly inputs: readonly Value[];
  readonly commands: readonly Command[];
}

const MAX_BYTES = 131_072; // the chain takes no more

/**
 * Parses bytes and checks that they are the only way to write what they say.
 *
 * @throws HauloutError 'transaction-altered'
 */
export function parseProgramme(bytes: Uint8Array): Programme {
  demand(bytes.length <= MAX_BYTES, 'length');
  const data = parse(bytes);
  demand(data.kind.$kind === 'ProgrammableTransaction', 'kind');
  const { inputs, commands } = data.kind.ProgrammableTransaction;
  demand(data.expiration.$kind === 'Epoch', 'expiration');
  return {
    sender: data.sender,
    gas: data.gasData,
    expirationEpoch: BigInt(data.expiration.Epoch),
    inputs: inputs.map(readInput),
    commands,
  };
}

function parse(bytes: Uint8Array): Data {
  try {
    const parsed = bcs.TransactionData.parse(bytes);
    const again = bcs.TransactionData.serialize(parsed, { maxSize: 2 * MAX_BYTES }).toBytes();
    demand(
      again.length === bytes.length && again.every((byte, i) => byte === bytes[i]),
      'encoding',
    );
    return parsed.V1;
  } catch (cause) {
    return refuse('encoding', { cause });
  }
}

function readInput(input: CallArg, index: number): Value {
  if (input.$kind === 'Pure') return { is: 'pure', bytes: fromBase64(input.Pure.bytes) };
  demand(input.$kind === 'Object', `inputs.${index}`);
  const { Object: object } = input;
  if (object.$kind === 'SharedObject') {
    const { objectId, initialSharedVersion, mutable } = object.SharedObject;
    return {
      ...{ is: 'shared', objectId, mutable },
      initialVersion: initialSharedVersion.toString(),
    };
  }
  demand(object.$kind === 'ImmOrOwnedObject', `inputs.${index}`);
  const { objectId, version, digest } = object.ImmOrOwnedObject;
  const ref = { objectId, version: version.toString(), digest };
  return { is: 'owned', ref, input: index, end: undefined };
}
