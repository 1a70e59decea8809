import { bcs } from '@mysten/bcs';
import { Address, Balance, U64 } from './base.ts';

/** `wal` FROST are given for `sui` MIST. */
export const ExchangeRate = bcs.struct('ExchangeRate', { wal: U64, sui: U64 });

export const Exchange = bcs.struct('Exchange', {
  id: Address,
  wal: Balance,
  sui: Balance,
  rate: ExchangeRate,
  admin: Address,
});

export const AdminCap = bcs.struct('AdminCap', { id: Address });

export type ExchangeRate = typeof ExchangeRate.$inferType;
export type Exchange = typeof Exchange.$inferType;
