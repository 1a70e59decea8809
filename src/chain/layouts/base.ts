import { bcs } from '@mysten/bcs';
import { Address, Bytes, U64 } from './sui.ts';

export {
  Address,
  Balance,
  Bytes,
  Coin,
  field as Field,
  list as List,
  Table,
  U64,
  U128,
  U256,
  vecMap as VecMap,
} from './sui.ts';

export const U8 = bcs.u8();
export const U16 = bcs.u16();
export const U32 = bcs.u32();
export const Bool = bcs.bool();
export const Text = bcs.string();

/** A struct without fields: Move gives it one that is always false. */
export const Empty = bcs.struct('Empty', { dummy_field: Bool });

/** A point of a pairing group in one of its encodings. */
export const Element = bcs.struct('Element', { bytes: Bytes });

/** A value of any type in a dynamic field of its own. */
export const ExtendedField = bcs.struct('ExtendedField', { id: Address });

/** The `TreasuryCap` of a coin: how much of it there is. */
export const TreasuryCap = bcs.struct('TreasuryCap', {
  id: Address,
  total_supply: bcs.struct('Supply', { value: U64 }),
});
