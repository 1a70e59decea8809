import {
  AdminCap,
  Exchange,
  ExchangeRate,
  type ExchangeRate as Rate,
} from '../../../chain/layouts/exchange.ts';
import { u64 } from './arithmetic.ts';
import { type Call, check, moduleOf } from './call.ts';
import {
  type Balance,
  type Coin,
  emptyBalance,
  intoBalance,
  intoCoin,
  join,
  split,
} from './funds.ts';
import { type Address, type NativeFunction, type NativePackage, TX_CONTEXT } from './native.ts';
import { mut, type WalrusTypes } from './types.ts';

const MODULE = 'wal_exchange';
const INSUFFICIENT_FUNDS = 0;
const INSUFFICIENT_INPUT = 1;
const UNAUTHORIZED = 2;
const INVALID_RATE = 3;

interface Admin {
  readonly id: Address;
}

/** Rounds down. */
const convert = (amount: bigint, to: bigint, from: bigint) => u64(amount * to) / from;

function newRate(call: Call, wal: bigint, sui: bigint): Rate {
  check(call, wal !== 0n && sui !== 0n, MODULE, INVALID_RATE, 'new_exchange_rate');
  return { wal, sui };
}

function newExchange(call: Call, wal: Balance): Admin {
  const { context, types } = call;
  const admin = { id: context.freshId() };
  const exchange: Exchange = {
    id: context.freshId(),
    wal,
    sui: emptyBalance(),
    rate: { wal: 1n, sui: 1n },
    admin: admin.id,
  };
  context.share(types.exchange, exchange);
  return admin;
}

function allForWal(call: Call, self: Exchange, sui: Coin): Coin {
  const wal = convert(sui.balance.value, self.rate.wal, self.rate.sui);
  check(call, self.wal.value >= wal, MODULE, INSUFFICIENT_FUNDS, 'exchange_all_for_wal');
  join(self.sui, intoBalance(call, sui));
  return intoCoin(call, split(call, self.wal, wal));
}

function allForSui(call: Call, self: Exchange, wal: Coin): Coin {
  const sui = convert(wal.balance.value, self.rate.sui, self.rate.wal);
  check(call, self.sui.value >= sui, MODULE, INSUFFICIENT_FUNDS, 'exchange_all_for_sui');
  join(self.wal, intoBalance(call, wal));
  return intoCoin(call, split(call, self.sui, sui));
}

/** Part of a coin, as a coin of its own. */
function takePart(call: Call, coin: Coin, amount: bigint, functionName: string): Coin {
  const enough = coin.balance.value >= amount;
  check(call, enough, MODULE, INSUFFICIENT_INPUT, functionName);
  return intoCoin(call, split(call, coin.balance, amount));
}

function checkAdmin(call: Call, self: Exchange, admin: Admin): void {
  check(call, self.admin === admin.id, MODULE, UNAUTHORIZED, 'check_admin');
}

function exchangeFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, MODULE);
  const { walCoin, suiCoin, adminCap, rate } = types;
  const exchange = mut(types.exchange);
  const admin = { reference: adminCap };
  return [
    define('new_exchange_rate', { parameters: ['u64', 'u64'], returns: [rate], run: newRate }),
    define('new', {
      parameters: [TX_CONTEXT],
      returns: [adminCap],
      run: (call) => newExchange(call, emptyBalance()),
    }),
    define('new_funded', {
      parameters: [mut(walCoin), 'u64', TX_CONTEXT],
      returns: [adminCap],
      run: (call, coin: Coin, amount: bigint) =>
        newExchange(call, split(call, coin.balance, amount)),
    }),
    define('add_wal', {
      parameters: [exchange, mut(walCoin), 'u64'],
      run: (call, self: Exchange, coin: Coin, amount: bigint) =>
        join(self.wal, split(call, coin.balance, amount)),
    }),
    define('add_sui', {
      parameters: [exchange, mut(suiCoin), 'u64'],
      run: (call, self: Exchange, coin: Coin, amount: bigint) =>
        join(self.sui, split(call, coin.balance, amount)),
    }),
    define('add_all_wal', {
      parameters: [exchange, walCoin],
      run: (call, self: Exchange, coin: Coin) => join(self.wal, intoBalance(call, coin)),
    }),
    define('add_all_sui', {
      parameters: [exchange, suiCoin],
      run: (call, self: Exchange, coin: Coin) => join(self.sui, intoBalance(call, coin)),
    }),
    define('withdraw_wal', {
      parameters: [exchange, 'u64', admin, TX_CONTEXT],
      returns: [walCoin],
      run: (call, self: Exchange, amount: bigint, cap: Admin) => {
        checkAdmin(call, self, cap);
        check(call, self.wal.value >= amount, MODULE, INSUFFICIENT_FUNDS, 'withdraw_wal');
        return intoCoin(call, split(call, self.wal, amount));
      },
    }),
    define('withdraw_sui', {
      parameters: [exchange, 'u64', admin, TX_CONTEXT],
      returns: [suiCoin],
      run: (call, self: Exchange, amount: bigint, cap: Admin) => {
        checkAdmin(call, self, cap);
        check(call, self.sui.value >= amount, MODULE, INSUFFICIENT_FUNDS, 'withdraw_sui');
        return intoCoin(call, split(call, self.sui, amount));
      },
    }),
    define('set_exchange_rate', {
      parameters: [exchange, 'u64', 'u64', admin],
      run: (call, self: Exchange, wal: bigint, sui: bigint, cap: Admin) => {
        checkAdmin(call, self, cap);
        self.rate = newRate(call, wal, sui);
      },
    }),
    define('exchange_all_for_wal', {
      parameters: [exchange, suiCoin, TX_CONTEXT],
      returns: [walCoin],
      run: allForWal,
    }),
    define('exchange_for_wal', {
      parameters: [exchange, mut(suiCoin), 'u64', TX_CONTEXT],
      returns: [walCoin],
      run: (call, self: Exchange, coin: Coin, amount: bigint) =>
        allForWal(call, self, takePart(call, coin, amount, 'exchange_for_wal')),
    }),
    define('exchange_all_for_sui', {
      parameters: [exchange, walCoin, TX_CONTEXT],
      returns: [suiCoin],
      run: allForSui,
    }),
    define('exchange_for_sui', {
      parameters: [exchange, mut(walCoin), 'u64', TX_CONTEXT],
      returns: [suiCoin],
      run: (call, self: Exchange, coin: Coin, amount: bigint) =>
        allForSui(call, self, takePart(call, coin, amount, 'exchange_for_sui')),
    }),
  ];
}

export function exchangePackage(types: WalrusTypes): NativePackage {
  const abilities = ['key', 'store'] as const;
  return {
    originalId: types.ids.exchange,
    versions: [{ id: types.ids.exchange, version: 1 }],
    structs: [
      { module: MODULE, name: 'Exchange', abilities, layout: () => Exchange },
      { module: MODULE, name: 'AdminCap', abilities, layout: () => AdminCap },
      {
        module: MODULE,
        name: 'ExchangeRate',
        abilities: ['copy', 'drop', 'store'],
        layout: () => ExchangeRate,
      },
    ],
    functions: exchangeFunctions(types),
  };
}
