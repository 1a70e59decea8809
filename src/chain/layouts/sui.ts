/** BCS layouts of the Sui framework types that the Walrus objects are made of. */
import { BcsType, bcs } from '@mysten/bcs';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

/** `address`, `ID` and `UID`: 32 bytes, in memory `0x` and 64 lower-case hex digits. */
export const Address = bcs.bytes(32).transform({
  name: 'address',
  input: (text: string) => hexToBytes(text.slice(2).padStart(64, '0')),
  output: (bytes) => `0x${bytesToHex(Uint8Array.from(bytes))}`,
});
export const ID = Address;
export const UID = Address;

const bigint = (type: BcsType<string, string | number | bigint>) =>
  type.transform({ input: (value: bigint) => value, output: (text) => BigInt(text) });

export const U64 = bigint(bcs.u64());
export const U128 = bigint(bcs.u128());
export const U256 = bigint(bcs.u256());

/** `vector<u8>` */
export const Bytes = bcs.byteVector().transform({
  input: (bytes: Uint8Array) => bytes,
  output: (bytes): Uint8Array => Uint8Array.from(bytes),
});

/**
 * `vector<T>`. Grows with what is read: a false length in front must not take memory for what never
 * comes.
 */
export function list<T, I>(element: BcsType<T, I>): BcsType<T[], Iterable<I> & { length: number }> {
  const vector = bcs.vector(element);
  return new BcsType({
    name: vector.name,
    write: (items, writer) => vector.write(items, writer),
    read: (reader) => {
      const items: T[] = [];
      for (let left = reader.readULEB(); left > 0; left--) items.push(element.read(reader));
      return items;
    },
  });
}

/** `Balance<T>` */
export const Balance = bcs.struct('Balance', { value: U64 });
/** `Coin<T>` */
export const Coin = bcs.struct('Coin', { id: UID, balance: Balance });

/** `Table`, `ObjectTable`, `Bag`, `ObjectBag`: the entries are dynamic fields. */
export const Table = bcs.struct('Table', { id: UID, size: U64 });

export function vecMap<K, KI, V, VI>(key: BcsType<K, KI>, value: BcsType<V, VI>) {
  return bcs.struct('VecMap', {
    contents: list(bcs.struct('Entry', { key, value })),
  });
}

/** `0x2::dynamic_field::Field<Name, Value>` */
export function field<N, NI, V, VI>(name: BcsType<N, NI>, value: BcsType<V, VI>) {
  return bcs.struct('Field', { id: UID, name, value });
}
