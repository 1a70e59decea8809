import type { Contract } from '../contract.ts';
import { Address, Bool, Bytes, Text, U8, U32, U64, U256 } from '../layouts/base.ts';
import type { Argument, Command } from '../layouts/transaction.ts';
import { FUNCTIONS } from './functions.ts';
import type { Programme } from './programme.ts';
import { demand, refuse } from './refuse.ts';
import type { Deeds, OwnedValue, Value, WalSource } from './values.ts';

const PURE = { u8: U8, u32: U32, u64: U64, u256: U256, bool: Bool, address: Address };
interface PureTypes {
  readonly u8: number;
  readonly u32: number;
  readonly u64: bigint;
  readonly u256: bigint;
  readonly bool: boolean;
  readonly address: string;
}

/**
 * Walks through the commands of a transaction and notes what they do. Refuses whatever is not one
 * of this client's own transactions: other commands, other functions, values used in other ways.
 */
export class Machine {
  readonly contract: Contract;
  readonly deeds: Deeds = {
    ...{ blobs: [], certified: [], extended: [], deleted: [], freed: [], merges: [] },
    ...{ payments: [], exchanges: [], gifts: [], transfers: [], gasTo: undefined },
    pools: new Map(),
  };
  readonly #inputs: readonly Value[];
  readonly #used = new Set<number>();
  readonly #results: Value[] = [];
  #systemMustBeMutable = false;

  constructor({ inputs }: Programme, contract: Contract) {
    this.#inputs = inputs;
    this.contract = contract;
  }

  run(commands: readonly Command[]): void {
    for (const [at, command] of commands.entries()) {
      this.#results.push(this.#step(command, `commands.${at}`));
    }
    for (const [at, value] of this.#results.entries()) {
      demand(!('end' in value) || value.end !== undefined, `commands.${at}`);
    }
    for (const [i, input] of this.#inputs.entries()) {
      if (input.is !== 'pure') demand(this.#used.has(i), `inputs.${i}`);
      if (input.is === 'shared' && input.objectId === this.contract.systemObjectId) {
        demand(input.mutable === this.#systemMustBeMutable, `inputs.${i}.mutable`);
      }
    }
  }

  /** Pure inputs that no command uses: notes to others, with their positions. */
  unusedInputs(): readonly (readonly [index: number, bytes: Uint8Array])[] {
    return this.#inputs.flatMap((input, i) =>
      input.is === 'pure' && !this.#used.has(i) ? [[i, input.bytes] as const] : [],
    );
  }

  value(argument: Argument | undefined, where: string): Value {
    if (argument === undefined) return refuse(where);
    if (argument.$kind === 'GasCoin') return { is: 'gas' };
    if (argument.$kind === 'Input') {
      this.#used.add(argument.Input);
      return this.#inputs[argument.Input] ?? refuse(where);
    }
    const [index, part] =
      argument.$kind === 'Result' ? [argument.Result, 0] : argument.NestedResult;
    demand(part === 0, where); // none of our commands gives more than one result
    return this.#results[index] ?? refuse(where);
  }

  system(argument: Argument | undefined, mutable: boolean, where: string): void {
    const value = this.value(argument, where);
    demand(value.is === 'shared', where);
    demand(value.objectId === this.contract.systemObjectId, where);
    demand(value.initialVersion === this.contract.systemInitialVersion, where);
    this.#systemMustBeMutable ||= mutable;
  }

  pure<T extends keyof PureTypes>(
    argument: Argument | undefined,
    type: T,
    where: string,
  ): PureTypes[T] {
    return this.#parse(argument, PURE[type] as unknown as Layout<PureTypes[T]>, where);
  }

  bytes(argument: Argument | undefined, where: string): Uint8Array {
    return this.#parse(argument, Bytes, where);
  }

  text(argument: Argument | undefined, where: string): string {
    return this.#parse(argument, Text, where);
  }

  /** A size as a number: nothing that is stored comes near the limit of exact integers. */
  size(argument: Argument | undefined, where: string): number {
    const size = this.pure(argument, 'u64', where);
    demand(size <= BigInt(Number.MAX_SAFE_INTEGER), where);
    return Number(size);
  }

  /** An owned input that is used as one kind of object only. */
  owned(argument: Argument | undefined, as: OwnedValue['as'] & string, where: string): OwnedValue {
    const value = this.value(argument, where);
    demand(value.is === 'owned' && value.end === undefined, where);
    demand(value.as === undefined || value.as === as, where);
    value.as = as;
    return value;
  }

  #parse<T>(argument: Argument | undefined, layout: Layout<T>, where: string): T {
    const value = this.value(argument, where);
    demand(value.is === 'pure', where);
    try {
      const parsed = layout.parse(value.bytes);
      const again = layout.serialize(parsed, { maxSize: 1 << 17 }).toBytes();
      demand(again.length === value.bytes.length, where);
      demand(
        again.every((byte, i) => byte === value.bytes[i]),
        where,
      );
      return parsed;
    } catch (cause) {
      return refuse(where, { cause });
    }
  }

  #step(command: Command, where: string): Value {
    switch (command.$kind) {
      case 'SplitCoins':
        return this.#split(command.SplitCoins, where);
      case 'MergeCoins':
        return this.#merge(command.MergeCoins, where);
      case 'TransferObjects':
        return this.#transfer(command.TransferObjects, where);
      case 'MoveCall': {
        const { package: packageId, module, function: name, typeArgumentCount } = command.MoveCall;
        const known = FUNCTIONS[`${module}::${name}`];
        demand(known !== undefined && typeArgumentCount === 0, where);
        const isOfContract = packageId === this.contract.packageId;
        demand(isOfContract === (known.of === 'walrus'), `${where}.package`);
        const args = command.MoveCall.arguments;
        demand(args.length === known.parameters, where);
        return known.run(this, args, where, packageId);
      }
    }
  }

  #split(
    { coin, amounts }: { coin: Argument; amounts: readonly Argument[] },
    where: string,
  ): Value {
    demand(amounts.length === 1, where);
    const amount = this.pure(amounts[0], 'u64', where);
    if (coin.$kind === 'GasCoin') return { is: 'sui', mist: amount, end: undefined };
    const from = this.#wal(coin, where);
    const payment = { is: 'payment', maximumFrost: amount, from, end: undefined } as const;
    this.deeds.payments.push(payment);
    return payment;
  }

  /** A payment flows back into the coin that it came from; other WAL may be joined to any. */
  #merge(
    { destination, sources }: { destination: Argument; sources: readonly Argument[] },
    where: string,
  ): Value {
    const into = this.#wal(destination, where);
    demand(sources.length > 0, where);
    const coins = sources.map((source) => {
      const value = this.value(source, where);
      if (value.is !== 'payment') return this.#wal(source, where);
      demand(value.end === undefined && value.from === into, where);
      return value;
    });
    for (const coin of coins) {
      demand(coin !== into && coin.end === undefined, where);
      coin.end = 'used';
    }
    this.deeds.merges.push({ into, coins });
    return { is: 'nothing' };
  }

  #wal(argument: Argument, where: string): WalSource {
    const value = this.value(argument, where);
    if (value.is !== 'bought-wal') return this.owned(argument, 'wal', where);
    demand(value.end === undefined, where);
    return value;
  }

  #transfer(
    { objects, address }: { objects: readonly Argument[]; address: Argument },
    where: string,
  ): Value {
    const to = this.pure(address, 'address', where);
    demand(objects.length > 0, where);
    for (const argument of objects) this.#send(argument, to, where);
    return { is: 'nothing' };
  }

  #send(argument: Argument, to: string, where: string): void {
    const value = this.value(argument, where);
    if (value.is === 'gas') {
      demand(this.deeds.gasTo === undefined, where);
      this.deeds.gasTo = to;
      return;
    }
    demand('end' in value && value.is !== 'payment' && value.end === undefined, where);
    value.end = { sentTo: to };
    if (value.is === 'storage') {
      const { kind } = value.from;
      demand(kind === 'piece' || kind === 'freed', where);
    }
    if (value.is === 'sui') this.deeds.gifts.push({ mist: value.mist, to });
    if (value.is !== 'owned') return;
    demand(value.as === undefined || value.as === 'blob', where);
    this.deeds.transfers.push({ ref: value.ref, to });
  }
}

interface Layout<T> {
  parse(bytes: Uint8Array): T;
  serialize(value: T, options?: { maxSize: number }): { toBytes(): Uint8Array };
}
