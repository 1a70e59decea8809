import { describe, expect, it } from 'vitest';
import { frameworkGenesis } from '../../../../src/devnet/sui/framework/framework.ts';
import { sealObject } from '../../../../src/devnet/sui/ledger/ledger-object.ts';
import { ObjectStore } from '../../../../src/devnet/sui/ledger/object-store.ts';
import { Registry, UnknownTypeError } from '../../../../src/devnet/sui/types/registry.ts';
import { formatType, normalizeType, parseType } from '../../../../src/devnet/sui/types/type-tag.ts';
import { testPackage } from '../../../support/devnet/test-package.ts';

const full = (digits: string) => `0x${digits.padStart(64, '0')}`;

describe('type names', () => {
  it('have one spelling', () => {
    expect(normalizeType(' 0x2::coin::Coin< 0x2::sui::SUI > ')).toBe(
      `${full('2')}::coin::Coin<${full('2')}::sui::SUI>`,
    );
    expect(normalizeType('vector<vector<u8>>')).toBe('vector<vector<u8>>');
    const map = '0x2::vec_map::VecMap<address,0x1::option::Option<u256>>';
    const tag = parseType(map);
    expect(formatType(tag)).toBe(normalizeType(map));
    expect(parseType(formatType(tag))).toEqual(tag);
  });

  it.each([
    ...[
      '',
      'u7',
      '0x2',
      '0x2::coin',
      '0x2::coin::Coin<',
      '0x2::coin::Coin<>',
      'vector',
      'vector<u8',
    ],
    ...[
      '0x2::coin::Coin<u8>>',
      '0x2::1a::B',
      '0xg::a::B',
      `${full('1')}0::a::B`,
      'u8,u8',
      'x::y::Z',
    ],
    ...[`${'vector<'.repeat(20)}u8${'>'.repeat(20)}`, 'a'.repeat(5000)],
  ])('%j is none', (text) => {
    expect(() => parseType(text)).toThrow(/type/);
  });
});

describe('the registry', () => {
  const registry = new Registry([...frameworkGenesis(0).packages, ...testPackage.packages]);
  const abilities = (text: string) => [...registry.abilities(parseType(text))].sort();

  it('derives abilities from type arguments', () => {
    expect(abilities('u64')).toEqual(['copy', 'drop', 'store']);
    expect(abilities('vector<0x2::coin::Coin<0x2::sui::SUI>>')).toEqual(['key', 'store']);
    expect(abilities('0x1::option::Option<u8>')).toEqual(['copy', 'drop', 'store']);
    expect(abilities('0x1::option::Option<0x7e57::things::Ticket>')).toEqual([]);
    expect(abilities('0x2::coin::Coin<0x99::any::THING>')).toEqual(['key', 'store']);
  });

  it('makes layouts of generic types, and refuses types that it does not know', () => {
    const layout = registry.layout(parseType('0x2::vec_map::VecMap<u8,0x1::string::String>'));
    const value = { contents: [{ key: 1, value: 'one' }] };
    expect(layout.parse(layout.serialize(value).toBytes())).toEqual(value);
    for (const text of ['0x2::coin::Nothing', '0x1::option::Option', '0x99::a::B']) {
      expect(() => registry.layout(parseType(text))).toThrow(UnknownTypeError);
    }
  });
});

it('remembers objects for late readers, the oldest known state when it has forgotten', () => {
  const store = new ObjectStore();
  const owner = { kind: 'address', address: full('a') } as const;
  const make = (version: number) =>
    sealObject({
      id: full('1'),
      version: BigInt(version),
      type: '0x2::sui::SUI',
      owner,
      publicTransfer: true,
      contents: Uint8Array.of(version),
      previousTransaction: '1'.repeat(32),
      storageRebate: 0n,
    });
  for (let i = 1; i <= 20; i += 1) store.put(full('1'), make(i), i);
  expect(store.asOf(7).get(full('1'))?.version).toBe(7n);
  expect(store.asOf(0).get(full('1'))).toBeUndefined();
  expect(store.version(full('1'), 5n)?.contents[0]).toBe(5);
  for (let i = 21; i <= 100; i += 1) store.put(full('1'), make(i), i);
  expect(store.asOf(7).get(full('1'))?.version).toBe(69n);
  store.put(full('1'), undefined, 101);
  expect(store.ownedBy(full('a'))).toEqual([]);
  expect(store.asOf(100).ownedBy(full('a'))).toHaveLength(1);
  expect(store.knew(full('1'))).toBe(true);
});
