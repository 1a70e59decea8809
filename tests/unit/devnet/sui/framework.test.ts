import { bcs } from '@mysten/sui/bcs';
import type { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import type { Transaction } from '@mysten/sui/transactions';
import { beforeAll, describe, expect, it } from 'vitest';
import { coins, type LocalSui, localSui, send } from '../../../support/devnet/local-sui.ts';

const SUI = '0x2::sui::SUI';

describe('functions of the framework', () => {
  let sui: LocalSui;
  let key: Ed25519Keypair;
  beforeAll(async () => {
    sui = await localSui();
    key = await sui.funded('owner', 10_000_000_000n);
  });

  const run = (edit: (tx: Transaction) => void) => send(sui, key, edit);
  /** What the last command returned, in BCS. */
  const last = async (edit: (tx: Transaction) => void) => {
    const { returned, failure } = await run(edit);
    expect(failure).toBeUndefined();
    return returned.at(-1)?.[0]?.bytes ?? new Uint8Array();
  };

  it('moves balances in and out of coins without losing any', async () => {
    const value = await last((tx) => {
      const call = (
        name: string,
        ...list: Parameters<typeof tx.moveCall>[0]['arguments'] & object
      ) => tx.moveCall({ target: `0x2::${name}`, typeArguments: [SUI], arguments: list as never });
      const [coin] = tx.splitCoins(tx.gas, [100]);
      const balance = call('coin::into_balance', coin);
      const part = call('balance::split', balance, tx.pure.u64(30));
      call('balance::join', balance, part);
      const taken = call('coin::take', balance, tx.pure.u64(60));
      call('coin::put', balance, taken);
      const zero = call('balance::zero');
      call('balance::destroy_zero', zero);
      const back = call('coin::from_balance', balance);
      const more = call('coin::split', back, tx.pure.u64(1));
      call('coin::join', back, more);
      const nothing = call('coin::zero');
      call('coin::destroy_zero', nothing);
      tx.transferObjects([back], `0x${'b'.repeat(64)}`);
      call('coin::value', tx.gas);
    });
    expect(bcs.u64().parse(value)).toMatch(/^\d+$/);
    const [coin] = coins(sui, `0x${'b'.repeat(64)}`);
    expect(coin?.contents.at(32)).toBe(100);
  });

  it('knows sender, epoch and clock', async () => {
    const sender = await last((tx) => tx.moveCall({ target: '0x2::tx_context::sender' }));
    expect(bcs.Address.parse(sender)).toBe(key.toSuiAddress());
    const epoch = await last((tx) => tx.moveCall({ target: '0x2::tx_context::epoch' }));
    expect(bcs.u64().parse(epoch)).toBe('0');
    const clock = await last((tx) => {
      const shared = { objectId: '0x6', initialSharedVersion: 1, mutable: false };
      const list = [tx.sharedObjectRef(shared)];
      tx.moveCall({ target: '0x2::clock::timestamp_ms', arguments: list });
    });
    const { timestampMs } = sui.chain.ledger.latest;
    expect(bcs.u64().parse(clock)).toBe(`${timestampMs}`);
  });

  it('makes strings and options, and refuses what is neither', async () => {
    const text = (tx: Transaction, bytes: number[], module: string, name: string) =>
      tx.moveCall({
        target: `0x1::${module}::${name}`,
        arguments: [tx.pure.vector('u8', bytes)],
      });
    expect(bcs.string().parse(await last((tx) => text(tx, [195, 164], 'string', 'utf8')))).toBe(
      'ä',
    );
    const invalid = await run((tx) => {
      text(tx, [195], 'string', 'utf8');
    });
    expect(invalid.failure?.reason).toMatchObject({ module: 'string', code: 1n });
    const foreign = await run((tx) => {
      text(tx, [200], 'ascii', 'string');
    });
    expect(foreign.failure?.reason).toMatchObject({ module: 'ascii', code: 0x10000n });
    const option = (tx: Transaction, name: string, ...list: never[]) =>
      tx.moveCall({ target: `0x1::option::${name}`, typeArguments: ['u8'], arguments: list });
    const none = await run((tx) => {
      option(tx, 'destroy_some', option(tx, 'none') as never);
    });
    expect(none.failure?.reason).toMatchObject({ module: 'option', code: 0x40001n });
    const some = await run((tx) => {
      option(tx, 'destroy_none', option(tx, 'some', tx.pure.u8(1) as never) as never);
    });
    expect(some.failure?.reason).toMatchObject({ module: 'option', code: 0x40000n });
  });

  it('fills maps, each key once', async () => {
    const typeArguments = ['u8', 'bool'];
    const map = (tx: Transaction, keys: number[]) => {
      const made = tx.moveCall({ target: '0x2::vec_map::empty', typeArguments });
      for (const each of keys) {
        const list = [made, tx.pure.u8(each), tx.pure.bool(true)];
        tx.moveCall({ target: '0x2::vec_map::insert', typeArguments, arguments: list });
      }
      return tx.moveCall({ target: '0x2::vec_map::length', typeArguments, arguments: [made] });
    };
    expect(bcs.u64().parse(await last((tx) => map(tx, [1, 2, 3])))).toBe('3');
    const twice = await run((tx) => {
      map(tx, [1, 1]);
    });
    expect(twice.failure?.reason).toMatchObject({ module: 'vec_map', code: 0n });
  });

  it('makes vectors', async () => {
    const { failure } = await run((tx) => {
      const address = tx.pure.address('0x7');
      const list = tx.makeMoveVec({ type: 'address', elements: [address, address] });
      tx.moveCall({
        target: '0x1::option::some',
        typeArguments: ['vector<address>'],
        arguments: [list],
      });
      const bytes = tx.makeMoveVec({ type: 'u8', elements: [tx.pure.u8(104), tx.pure.u8(105)] });
      tx.moveCall({ target: '0x1::string::utf8', arguments: [bytes] });
    });
    expect(failure).toBeUndefined();
  });
});
