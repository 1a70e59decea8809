import {
  type MoveContext,
  mut,
  type NativeFunction,
  ref,
  SUI_FRAMEWORK,
  struct,
  TX_CONTEXT,
  typeParameter,
} from '../move/native.ts';
import { native, PHANTOM } from './native-function.ts';

const T = typeParameter(0);
const COIN = struct(SUI_FRAMEWORK, 'coin', 'Coin', T);
const BALANCE = struct(SUI_FRAMEWORK, 'balance', 'Balance', T);
const MODULE = '0x2::balance';

const NOT_ZERO = 0;
const OVERFLOW = 1;
const NOT_ENOUGH = 2;
const MAX_U64 = 2n ** 64n - 1n;

interface Balance {
  value: bigint;
}

/** `balance::split` */
export function splitBalance(context: MoveContext, balance: Balance, amount: bigint): Balance {
  if (balance.value < amount) context.abort(MODULE, NOT_ENOUGH, 'split');
  balance.value -= amount;
  return { value: amount };
}

/** `balance::join` */
export function joinBalance(context: MoveContext, target: Balance, source: Balance): bigint {
  if (target.value + source.value > MAX_U64) context.abort(MODULE, OVERFLOW, 'join');
  target.value += source.value;
  return target.value;
}

/** `balance::destroy_zero` */
export function destroyZero(context: MoveContext, balance: Balance): void {
  if (balance.value !== 0n) context.abort(MODULE, NOT_ZERO, 'destroy_zero');
}

const one = (
  module: string,
  name: string,
  parts: Omit<Parameters<typeof native>[2], 'typeParameters'>,
) => native(module, name, { typeParameters: [PHANTOM], ...parts });

export const balanceFunctions: readonly NativeFunction[] = [
  one('balance', 'value', {
    parameters: [ref(BALANCE)],
    returns: ['u64'],
    run: (_, __, [balance]) => [balance.value],
  }),
  one('balance', 'zero', { returns: [BALANCE], run: () => [{ value: 0n }] }),
  one('balance', 'join', {
    parameters: [mut(BALANCE), BALANCE],
    returns: ['u64'],
    run: (context, _, [target, source]) => [joinBalance(context, target, source)],
  }),
  one('balance', 'split', {
    parameters: [mut(BALANCE), 'u64'],
    returns: [BALANCE],
    run: (context, _, [balance, amount]) => [splitBalance(context, balance, amount)],
  }),
  one('balance', 'withdraw_all', {
    parameters: [mut(BALANCE)],
    returns: [BALANCE],
    run: (context, _, [balance]) => [splitBalance(context, balance, balance.value)],
  }),
  one('balance', 'destroy_zero', {
    parameters: [BALANCE],
    run: (context, _, [balance]) => {
      destroyZero(context, balance);
      return [];
    },
  }),
];

export const coinFunctions: readonly NativeFunction[] = [
  one('coin', 'value', {
    parameters: [ref(COIN)],
    returns: ['u64'],
    run: (_, __, [coin]) => [coin.balance.value],
  }),
  one('coin', 'zero', {
    parameters: [TX_CONTEXT],
    returns: [COIN],
    run: (context) => [{ id: context.freshId(), balance: { value: 0n } }],
  }),
  one('coin', 'split', {
    parameters: [mut(COIN), 'u64', TX_CONTEXT],
    returns: [COIN],
    run: (context, _, [coin, amount]) => [
      { balance: splitBalance(context, coin.balance, amount), id: context.freshId() },
    ],
  }),
  one('coin', 'take', {
    parameters: [mut(BALANCE), 'u64', TX_CONTEXT],
    returns: [COIN],
    run: (context, _, [balance, amount]) => [
      { id: context.freshId(), balance: splitBalance(context, balance, amount) },
    ],
  }),
  one('coin', 'put', {
    parameters: [mut(BALANCE), COIN],
    run: (context, _, [balance, coin]) => {
      joinBalance(context, balance, coin.balance);
      context.deleteId(coin.id);
      return [];
    },
  }),
  one('coin', 'join', {
    parameters: [mut(COIN), COIN],
    run: (context, _, [target, source]) => {
      context.deleteId(source.id);
      joinBalance(context, target.balance, source.balance);
      return [];
    },
  }),
  one('coin', 'destroy_zero', {
    parameters: [COIN],
    run: (context, _, [coin]) => {
      context.deleteId(coin.id);
      destroyZero(context, coin.balance);
      return [];
    },
  }),
  one('coin', 'into_balance', {
    parameters: [COIN],
    returns: [BALANCE],
    run: (context, _, [coin]) => {
      context.deleteId(coin.id);
      return [coin.balance];
    },
  }),
  one('coin', 'from_balance', {
    parameters: [BALANCE, TX_CONTEXT],
    returns: [COIN],
    run: (context, _, [balance]) => [{ id: context.freshId(), balance }],
  }),
];
