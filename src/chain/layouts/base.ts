import { type BcsType, bcs, fromHex, toHex } from '@mysten/bcs';

/** An address, an `ID` or a `UID`: `0x` and 64 lower-case hex digits. Takes upper case as well. */
export const Address = bcs.fixedArray(32, bcs.u8()).transform({
  name: 'address',
  input: (text: string) => {
    const bytes = fromHex(text);
    if (bytes.length !== 32) throw new TypeError('an address has 32 bytes');
    return [...bytes];
  },
  output: (bytes) => `0x${toHex(Uint8Array.from(bytes))}`,
});

const big = <T extends BcsType<string, string | number | bigint>>(type: T) =>
  type.transform({ input: (value: bigint | number) => value, output: (text) => BigInt(text) });

/** Integers over 32 bits are bigints; they are written from numbers as well. */
export const U64 = big(bcs.u64());
export const U128 = big(bcs.u128());
export const U256 = big(bcs.u256());
export const U8 = bcs.u8();
export const U16 = bcs.u16();
export const U32 = bcs.u32();
export const Bool = bcs.bool();
export const Text = bcs.string();
export const Bytes = bcs.byteVector();

/** A struct without fields: Move gives it one that is always false. */
export const Empty = bcs.struct('Empty', { dummy_field: Bool });

/** Coins of one kind without an object around them. */
export const Balance = bcs.struct('Balance', { value: U64 });

export const Coin = bcs.struct('Coin', { id: Address, balance: Balance });

/** A point of a pairing group in one of its encodings. */
export const Element = bcs.struct('Element', { bytes: Bytes });

/** `Table`, `ObjectTable` and `Bag` look alike: what they hold are dynamic fields of `id`. */
export const Table = bcs.struct('Table', { id: Address, size: U64 });

/** A value of any type in a dynamic field of its own. */
export const ExtendedField = bcs.struct('ExtendedField', { id: Address });

/** A map as a list of entries, in the order of insertion. */
export function VecMap<K, KInput, V, VInput>(key: BcsType<K, KInput>, value: BcsType<V, VInput>) {
  return bcs.struct('VecMap', { contents: bcs.vector(bcs.struct('Entry', { key, value })) });
}

/** The object that holds one dynamic field. */
export function Field<N, NInput, V, VInput>(name: BcsType<N, NInput>, value: BcsType<V, VInput>) {
  return bcs.struct('Field', { id: Address, name, value });
}
