import { bcs } from '@mysten/bcs';
import { Address as AddressLayout, Empty } from '../../../chain/layouts/base.ts';
import { type Call, moduleOf } from './call.ts';
import { type Coin, intoBalance } from './funds.ts';
import type { Address, NativePackage } from './native.ts';
import { mut, ref, type WalrusTypes } from './types.ts';

/** The shared object that holds the right to mint WAL, out of which nobody can take it. */
export interface ProtectedTreasury {
  readonly id: Address;
}

interface TreasuryCap {
  readonly id: Address;
  readonly total_supply: { value: bigint };
}

/** The value of `wal::TreasuryCapKey`, a struct without fields. */
export const TREASURY_KEY = { dummy_field: false };

export function burnWal(call: Call, treasury: ProtectedTreasury, coin: Coin): void {
  const { context, types } = call;
  const { treasuryKey, treasuryCap } = types;
  const cap: TreasuryCap = context.objectFields.borrowMut(
    treasury.id,
    treasuryKey,
    TREASURY_KEY,
    treasuryCap,
  );
  cap.total_supply.value -= intoBalance(call, coin).value;
}

export function walPackage(types: WalrusTypes): NativePackage {
  const define = moduleOf(types, 'wal');
  return {
    originalId: types.ids.wal,
    versions: [{ id: types.ids.wal, version: 1 }],
    structs: [
      { module: 'wal', name: 'WAL', abilities: ['drop'], layout: () => Empty },
      {
        module: 'wal',
        name: 'ProtectedTreasury',
        abilities: ['key'],
        layout: () => bcs.struct('ProtectedTreasury', { id: AddressLayout }),
      },
      {
        module: 'wal',
        name: 'TreasuryCapKey',
        abilities: ['copy', 'drop', 'store'],
        layout: () => Empty,
      },
    ],
    functions: [
      define('burn', { parameters: [mut(types.treasury), types.walCoin], run: burnWal }),
      define('total_supply', {
        parameters: [ref(types.treasury)],
        returns: ['u64'],
        run: ({ context }, treasury: ProtectedTreasury) => {
          const { treasuryKey, treasuryCap } = types;
          const key = TREASURY_KEY;
          const cap: TreasuryCap = context.objectFields.borrow(
            treasury.id,
            treasuryKey,
            key,
            treasuryCap,
          );
          return cap.total_supply.value;
        },
      }),
    ],
  };
}
