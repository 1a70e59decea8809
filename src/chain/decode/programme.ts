import { type Command, type Input, TransactionData } from '../layouts/transaction.ts';
import { demand, refuse } from './refuse.ts';
import type { Value } from './values.ts';

type Data = TransactionData['V1'];

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
  const { kind, sender, gasData, expiration } = parse(bytes);
  const { inputs, commands } = kind.ProgrammableTransaction;
  demand(expiration.$kind === 'Epoch', 'expiration');
  return {
    ...{ sender, gas: gasData, expirationEpoch: expiration.Epoch },
    inputs: inputs.map(readInput),
    commands,
  };
}

function parse(bytes: Uint8Array): Data {
  demand(bytes.length <= MAX_BYTES, 'length');
  try {
    const parsed = TransactionData.parse(bytes);
    const options = { initialSize: bytes.length, maxSize: 2 * MAX_BYTES };
    const again = TransactionData.serialize(parsed, options).toBytes();
    demand(
      again.length === bytes.length && again.every((byte, i) => byte === bytes[i]),
      'encoding',
    );
    return parsed.V1;
  } catch (cause) {
    return refuse('encoding', { cause });
  }
}

function readInput(input: Input, index: number): Value {
  if (input.$kind === 'Pure') return { is: 'pure', bytes: input.Pure };
  const { Object: object } = input;
  if (object.$kind === 'ImmOrOwnedObject') {
    return { is: 'owned', ref: object.ImmOrOwnedObject, input: index, end: undefined };
  }
  const { objectId, initialSharedVersion: initialVersion, mutable } = object.SharedObject;
  return { is: 'shared', objectId, initialVersion, mutable };
}
