import { bcs } from '@mysten/sui/bcs';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { Transaction } from '@mysten/sui/transactions';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  call,
  coins,
  type LocalSui,
  localSui,
  object,
  referenceOf,
  send,
  write,
  writtenId,
} from '../../../support/devnet/local-sui.ts';
import { COUNTER_ID, TEST_PACKAGE } from '../../../support/devnet/test-package.ts';

const SUI = 1_000_000_000n;

describe('rules for arguments and values', () => {
  let sui: LocalSui;
  let key: Ed25519Keypair;
  let thing: string;
  beforeAll(async () => {
    sui = await localSui();
    key = await sui.funded('owner', 1000n * SUI, 5n * SUI);
    const made = await send(sui, key, (tx) => {
      tx.transferObjects([call(tx, 'make', tx.pure.u64(1))], key.toSuiAddress());
    });
    thing = writtenId(made, 'Thing');
  });

  const keep = (tx: Transaction, value: ReturnType<typeof call>) =>
    tx.transferObjects([value], key.toSuiAddress());

  const faults: Record<string, [object, (tx: Transaction) => void]> = {
    'a value that is used twice': [
      { fault: 'InvalidValueUsage', argument: 0 },
      (tx) => {
        const made = call(tx, 'make', tx.pure.u64(1));
        keep(tx, made);
        keep(tx, made);
      },
    ],
    'an object that is used twice': [
      { fault: 'InvalidValueUsage', argument: 0 },
      (tx) => {
        const input = object(sui, tx, thing);
        call(tx, 'destroy', input);
        call(tx, 'destroy', input);
      },
    ],
    'one object borrowed and taken': [
      { fault: 'CannotMoveBorrowedValue', argument: 1 },
      (tx) => {
        const coin = coins(sui, key.toSuiAddress())[1];
        if (!coin) throw new Error('a second coin is missing');
        const input = tx.objectRef(referenceOf(coin));
        const typeArguments = ['0x2::sui::SUI'];
        tx.moveCall({ target: '0x2::coin::join', typeArguments, arguments: [input, input] });
      },
    ],
    'a value of another type': [
      { fault: 'TypeMismatch', argument: 0 },
      (tx) => {
        call(tx, 'unwrap', object(sui, tx, thing));
      },
    ],
    'pure bytes for an object': [
      { fault: 'InvalidUsageOfPureArg', argument: 0 },
      (tx) => {
        call(tx, 'destroy', tx.pure.u64(1));
      },
    ],
    'pure bytes that are too many': [
      { fault: 'InvalidBCSBytes', argument: 0 },
      (tx) => {
        call(tx, 'make', tx.pure(bcs.bytes(9).serialize(new Uint8Array(9))));
      },
    ],
    'pure bytes that are too few': [
      { fault: 'InvalidBCSBytes', argument: 0 },
      (tx) => {
        call(tx, 'make', tx.pure.u32(1));
      },
    ],
    'a bool that is neither': [
      { fault: 'InvalidBCSBytes', argument: 0 },
      (tx) => {
        const bytes = tx.pure(bcs.u8().serialize(2));
        tx.moveCall({ target: '0x1::option::some', typeArguments: ['bool'], arguments: [bytes] });
      },
    ],
    'a result that does not exist': [
      { fault: 'SecondaryIndexOutOfBounds', argument: 0, index: 0, subresult: 3 },
      (tx) => {
        call(tx, 'make', tx.pure.u64(1));
        tx.transferObjects([{ $kind: 'NestedResult', NestedResult: [0, 3] }], key.toSuiAddress());
      },
    ],
    'many results as one': [
      { fault: 'InvalidResultArity', argument: 0 },
      (tx) => {
        tx.splitCoins(tx.gas, [1, 2]);
        tx.transferObjects([{ $kind: 'Result', Result: 0 }], key.toSuiAddress());
      },
    ],
    'the gas coin by value': [
      { fault: 'InvalidGasCoinUsage', argument: 0 },
      (tx) => {
        tx.moveCall({
          target: '0x2::coin::destroy_zero',
          typeArguments: ['0x2::sui::SUI'],
          arguments: [tx.gas],
        });
      },
    ],
    'a transfer of what has no store': [
      { fault: 'InvalidTransferObject', argument: 0 },
      (tx) => {
        tx.transferObjects([object(sui, tx, COUNTER_ID)], key.toSuiAddress());
      },
    ],
    'a coin that is no coin': [
      { fault: 'TypeMismatch', argument: 0 },
      (tx) => {
        tx.splitCoins(object(sui, tx, thing), [1]);
      },
    ],
    'a value that must be used': [
      { kind: 'UnusedValueWithoutDrop', result: 0, subresult: 0 },
      (tx) => {
        call(tx, 'ticket');
      },
    ],
    'an object that goes nowhere': [
      { kind: 'UnusedValueWithoutDrop', result: 2, subresult: 0 },
      (tx) => {
        keep(tx, call(tx, 'make', tx.pure.u64(1)));
        call(tx, 'make', tx.pure.u64(1));
      },
    ],
    'too few arguments': [
      { kind: 'ArityMismatch' },
      (tx) => {
        call(tx, 'make');
      },
    ],
    'too few type arguments': [
      { kind: 'TypeArityMismatch' },
      (tx) => {
        tx.moveCall({ target: '0x1::option::none' });
      },
    ],
    'a type that nobody knows': [
      { kind: 'TypeArgumentError', fault: 'TypeNotFound' },
      (tx) => {
        tx.moveCall({ target: '0x1::option::none', typeArguments: ['0x99::a::B'] });
      },
    ],
    'a type without an ability': [
      { kind: 'TypeArgumentError', fault: 'ConstraintNotSatisfied' },
      (tx) => {
        tx.moveCall({
          target: '0x2::transfer::public_transfer',
          typeArguments: ['u64'],
          arguments: [tx.pure.u64(1), tx.pure.address('0x1')],
        });
      },
    ],
    'more than a coin holds': [
      { kind: 'InsufficientCoinBalance' },
      (tx) => {
        tx.transferObjects([tx.splitCoins(tx.gas, [2000n * SUI])[0]], key.toSuiAddress());
      },
    ],
    'a balance that is not zero': [
      { kind: 'MoveAbort', module: 'balance', code: 0n },
      (tx) => {
        const [coin] = tx.splitCoins(tx.gas, [1]);
        tx.moveCall({
          target: '0x2::coin::destroy_zero',
          typeArguments: ['0x2::sui::SUI'],
          arguments: [coin],
        });
      },
    ],
    'a balance that is too small': [
      { kind: 'MoveAbort', module: 'balance', code: 2n },
      (tx) => {
        const [coin] = tx.splitCoins(tx.gas, [1]);
        tx.moveCall({
          target: '0x2::coin::split',
          typeArguments: ['0x2::sui::SUI'],
          arguments: [coin, tx.pure.u64(2)],
        });
      },
    ],
    'a vector of pure values without a type': [
      { fault: 'InvalidUsageOfPureArg' },
      (tx) => {
        tx.makeMoveVec({ elements: [tx.pure.u64(1)] });
      },
    ],
  };

  it.each(Object.entries(faults))('fails for %s', async (_, [expected, edit]) => {
    expect((await send(sui, key, edit)).failure?.reason).toMatchObject(expected);
  });

  it('takes what is allowed', async () => {
    const fine = await send(sui, key, (tx) => {
      const some = tx.moveCall({
        target: '0x1::option::some',
        typeArguments: ['u64'],
        arguments: [tx.pure.u64(3)],
      });
      const value = tx.moveCall({
        target: '0x1::option::destroy_some',
        typeArguments: ['u64'],
        arguments: [some],
      });
      const made = call(tx, 'make', value);
      call(tx, 'set', made, value);
      keep(tx, made);
      tx.transferObjects([tx.gas], key.toSuiAddress());
    });
    expect(fine.failure).toBeUndefined();
  });

  it('refuses before execution what validators refuse', async () => {
    const sign = async (bytes: Uint8Array) => {
      const { signature } = await key.signTransaction(bytes);
      const parsed = Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0));
      return sui.chain.execute(bytes, [parsed]);
    };
    const run = async (edit: (tx: Transaction) => void) => sign(await write(sui, key, edit));
    const [coin] = coins(sui, key.toSuiAddress());
    if (!coin) throw new Error('no coin');
    const cases: [RegExp, (tx: Transaction) => void][] = [
      [/under reference gas price/, (tx) => tx.setGasPrice(999)],
      [/lower than min/, (tx) => tx.setGasBudget(999_999)],
      [/higher than max/, (tx) => tx.setGasBudget(50_000_000_001n)],
      [
        /used as an input more than once/,
        (tx) => tx.setGasPayment([referenceOf(coin), referenceOf(coin)]),
      ],
      [
        /is not a SUI coin/,
        (tx) => {
          const found = sui.chain.ledger.objects.get(thing);
          if (found) tx.setGasPayment([referenceOf(found)]);
        },
      ],
      [/no address balances/, (tx) => tx.setGasPayment([])],
      [
        /Invalid Object digest/,
        (tx) => tx.setGasPayment([{ ...referenceOf(coin), digest: '1'.repeat(32) }]),
      ],
      [/not found/, (tx) => tx.objectRef({ objectId: '0x77', version: 1, digest: '1'.repeat(32) })],
      [
        /is not a shared object/,
        (tx) => tx.sharedObjectRef({ objectId: thing, initialSharedVersion: 1, mutable: true }),
      ],
      [
        /must be given as a shared input/,
        (tx) => {
          const found = sui.chain.ledger.objects.get(COUNTER_ID);
          if (found) tx.objectRef(referenceOf(found));
        },
      ],
      [/does not exist/, (tx) => tx.moveCall({ target: '0x1234::a::b' })],
      [
        /does not have the function/,
        (tx) => tx.moveCall({ target: `${TEST_PACKAGE}::things::nothing` }),
      ],
      [/Move compiler/, (tx) => tx.publish({ modules: [], dependencies: [] })],
      [
        /another chain/,
        (tx) =>
          tx.setExpiration({
            ValidDuring: {
              minEpoch: '0',
              maxEpoch: '1',
              minTimestamp: null,
              maxTimestamp: null,
              chain: '1'.repeat(32),
              nonce: 1,
            },
          }),
      ],
    ];
    for (const [words, edit] of cases) {
      await expect(
        run((tx) => {
          edit(tx);
        }),
      ).rejects.toThrow(words);
    }
    const height = sui.chain.ledger.height;
    const large = write(sui, key, (tx) => {
      for (let i = 0; i < 9; i += 1) tx.pure(bcs.bytes(16_000).serialize(new Uint8Array(16_000)));
    });
    await expect(large.then(sign)).rejects.toThrow();
    expect(sui.chain.ledger.height).toBe(height);
  });
});
