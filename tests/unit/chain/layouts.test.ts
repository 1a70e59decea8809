import type { BcsType } from '@mysten/bcs';
import { expect, test } from 'vitest';
import { Address, Coin, Field, U64 } from '../../../src/chain/layouts/base.ts';
import { Blob, Metadata } from '../../../src/chain/layouts/blob.ts';
import { EVENT_LAYOUTS } from '../../../src/chain/layouts/events.ts';
import { StakingInner, StakingPool } from '../../../src/chain/layouts/staking.ts';
import { SystemStateInner, Versioned } from '../../../src/chain/layouts/system.ts';

/** The layouts of the official client, which it does not export. */
// biome-ignore lint/suspicious/noExplicitAny: any layout
type Official = Record<string, BcsType<any, any>>;
const FILES = import.meta.glob<Official>(
  '../../../node_modules/@mysten/walrus/dist/contracts/walrus/*.mjs',
);
async function official(file: string, name: string) {
  const load = FILES[`../../../node_modules/@mysten/walrus/dist/contracts/walrus/${file}.mjs`];
  const layout = (await load?.())?.[name];
  if (layout === undefined) throw new Error(`no ${file}::${name}`);
  return layout;
}

const id = (digit: string) => `0x${digit.repeat(64)}`;
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);
const key = { bytes: bytes(96, 5) };
const storage = { id: id('3'), start_epoch: 4, end_epoch: 9, storage_size: 66034000n };
const pending = { contents: [{ key: 7, value: 2n ** 63n }] };

const system = {
  committee: {
    members: [{ public_key: key, weight: 10, node_id: id('a') }],
    n_shards: 1000,
    epoch: 4,
    total_aggregated_key: { bytes: bytes(48, 6) },
  },
  total_capacity_size: 2n ** 64n - 1n,
  used_capacity_size: 1n,
  storage_price_per_unit_size: 100_000n,
  write_price_per_unit_size: 20_000n,
  future_accounting: {
    current_index: 1,
    length: 2,
    ring_buffer: [
      { epoch: 5, used_capacity: 0n, rewards_to_distribute: { value: 0n } },
      { epoch: 4, used_capacity: 1n, rewards_to_distribute: { value: 9n } },
    ],
  },
  event_blob_certification_state: {
    latest_certified_blob: { blob_id: 2n ** 255n, ending_checkpoint_sequence_number: 3n },
    aggregate_weight_per_blob: {
      contents: [{ key: { blob_id: 1n, ending_checkpoint_sequence_number: 4n }, value: 8 }],
    },
  },
  deny_list_sizes: { id: id('d') },
};

const committee = { contents: [{ key: id('a'), value: [0, 1, 65535] }] };
const staking = {
  n_shards: 3,
  epoch_duration: 86_400_000n,
  first_epoch_start: 5n,
  pools: { id: id('1'), size: 1n },
  epoch: 4,
  active_set: { id: id('2') },
  next_committee: committee,
  committee,
  previous_committee: { contents: [] },
  next_epoch_params: {
    total_capacity_size: 1n,
    storage_price_per_unit_size: 2n,
    write_price_per_unit_size: 3n,
  },
  epoch_state: { NextParamsSelected: 77n },
  next_epoch_public_keys: { id: id('4') },
};

const pool = {
  id: id('a'),
  state: { Withdrawing: 6 },
  voting_params: { storage_price: 1n, write_price: 2n, node_capacity: 3n },
  node_info: {
    name: 'Knoten äöü',
    node_id: id('a'),
    network_address: '127.0.0.1:9185',
    public_key: key,
    next_epoch_public_key: key,
    network_public_key: bytes(33, 2),
    metadata: { id: id('b') },
  },
  activation_epoch: 1,
  latest_epoch: 4,
  wal_balance: 5n,
  num_shares: 4n,
  pending_shares_withdraw: pending,
  pre_active_withdrawals: { contents: [] },
  pending_commission_rate: pending,
  commission_rate: 10_000,
  exchange_rates: { id: id('c'), size: 2n },
  pending_stake: pending,
  rewards_pool: { value: 1n },
  commission: { value: 2n },
  commission_receiver: { ObjectID: id('e') },
  governance_authorized: { Address: id('f') },
  extra_fields: { id: id('0'), size: 1n },
};

const blob = {
  id: id('9'),
  registered_epoch: 4,
  blob_id: 2n ** 256n - 1n,
  size: 1_000_000n,
  encoding_type: 1,
  certified_epoch: 5,
  storage,
  deletable: true,
};

const cases = [
  [
    'system',
    'System',
    Versioned,
    { id: id('1'), version: 3n, package_id: id('2'), new_package_id: id('3') },
  ],
  [
    'staking',
    'Staking',
    Versioned,
    { id: id('1'), version: 3n, package_id: id('2'), new_package_id: null },
  ],
  ['system_state_inner', 'SystemStateInnerV1', SystemStateInner, system],
  ['staking_inner', 'StakingInnerV1', StakingInner, staking],
  ['staking_pool', 'StakingPool', StakingPool, pool],
  ['blob', 'Blob', Blob, blob],
  ['blob', 'Blob', Blob, { ...blob, certified_epoch: null, deletable: false }],
  ['metadata', 'Metadata', Metadata, { metadata: { contents: [{ key: 'a', value: 'ü' }] } }],
] as const;

test.each(cases)('%s::%s is what the official client reads', async (file, name, layout, value) => {
  const ours = layout as BcsType<unknown>;
  const bytes = ours.serialize(value, { maxSize: 1 << 20 }).toBytes();
  expect(stripKinds(ours.parse(bytes))).toEqual(value);
  const theirs = await official(file, name);
  expect(theirs.serialize(theirs.parse(bytes), { maxSize: 1 << 20 }).toBytes()).toEqual(bytes);
});

/** Enum values come back with their kind named a second time. */
function stripKinds(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(stripKinds);
  const fields = Object.entries(value).filter(([name]) => name !== '$kind');
  return Object.fromEntries(fields.map(([name, field]) => [name, stripKinds(field)]));
}

test('an address is 32 bytes in lower-case hex', () => {
  expect(Address.parse(Address.serialize(`0x${'AB'.repeat(32)}`).toBytes())).toBe(
    `0x${'ab'.repeat(32)}`,
  );
  expect(Address.serialize('0x2').toHex()).toBe(`${'0'.repeat(63)}2`);
});

test('a dynamic field is id, name, value', () => {
  const hex = Field(U64, Coin)
    .serialize({ id: id('1'), name: 3n, value: { id: id('2'), balance: { value: 4n } } })
    .toHex();
  expect(hex).toBe(`${'1'.repeat(64)}0300000000000000${'2'.repeat(64)}0400000000000000`);
});

test('events have as many bytes as their fields', () => {
  const registered = EVENT_LAYOUTS.BlobRegistered.serialize({
    epoch: 1,
    blob_id: 2n,
    size: 3n,
    encoding_type: 1,
    end_epoch: 5,
    deletable: true,
    object_id: id('6'),
  });
  expect(registered.toHex()).toBe(
    `0100000002${'00'.repeat(31)}0300000000000000010500000001${'6'.repeat(64)}`,
  );
  expect(Object.keys(EVENT_LAYOUTS)).toHaveLength(22);
});
