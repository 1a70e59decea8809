import {
  Inputs,
  Transaction,
  type TransactionArgument,
  type TransactionObjectArgument,
} from '@mysten/sui/transactions';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Contract } from '../contract.ts';
import { Address, Bool, Bytes, Text, U8, U32, U64, U256 } from '../layouts/base.ts';
import type { GasPayment, ObjectRef } from '../plan.ts';

export type Value = TransactionObjectArgument;

const TRANSFER_LIMIT = 500; // arguments of one command: the chain takes 512

const PURE = { u8: U8, u32: U32, u64: U64, u256: U256, bool: Bool, address: Address, text: Text };
type PureInput = {
  readonly u8: number;
  readonly u32: number;
  readonly u64: bigint;
  readonly u256: bigint;
  readonly bool: boolean;
  readonly address: string;
  readonly text: string;
};

/** Writes one transaction. Nothing is left for anybody else to fill in. */
export class Writer {
  readonly #tx = new Transaction();
  readonly #contract: Contract;
  readonly #systemIsMutable: boolean;
  /** equal values are one input: bytes are scarce */
  readonly #pures = new Map<string, TransactionArgument>();
  #system: Value | undefined;

  /** @param systemIsMutable whether any command changes the System object */
  constructor(contract: Contract, systemIsMutable: boolean) {
    this.#contract = contract;
    this.#systemIsMutable = systemIsMutable;
  }

  get gas(): Value {
    return this.#tx.gas;
  }

  get system(): Value {
    this.#system ??= this.shared(
      this.#contract.systemObjectId,
      this.#contract.systemInitialVersion,
      this.#systemIsMutable,
    );
    return this.#system;
  }

  shared(objectId: string, initialSharedVersion: string, mutable: boolean): Value {
    return this.#tx.object(Inputs.SharedObjectRef({ objectId, initialSharedVersion, mutable }));
  }

  owned({ objectId, version, digest }: ObjectRef): Value {
    return this.#tx.object(Inputs.ObjectRef({ objectId, version, digest }));
  }

  pure<T extends keyof PureInput>(type: T, value: PureInput[T]): TransactionArgument {
    const layout = PURE[type] as { serialize(value: PureInput[T]): { toBytes(): Uint8Array } };
    return this.raw(layout.serialize(value).toBytes());
  }

  /** `vector<u8>` */
  bytes(value: Uint8Array): TransactionArgument {
    return this.raw(Bytes.serialize(value).toBytes());
  }

  raw(bytes: Uint8Array): TransactionArgument {
    const key = bytesToHex(bytes);
    const known = this.#pures.get(key);
    if (known !== undefined) return known;
    const made = this.#tx.pure(bytes);
    this.#pures.set(key, made);
    return made;
  }

  /** Calls a function of the Walrus package. @returns its first result */
  call(target: `${string}::${string}`, ...args: TransactionArgument[]): Value {
    return this.callIn(this.#contract.packageId, target, ...args);
  }

  callIn(packageId: string, target: `${string}::${string}`, ...args: TransactionArgument[]): Value {
    return this.#tx.moveCall({ target: `${packageId}::${target}`, arguments: args });
  }

  split(coin: Value, amount: bigint): Value {
    const [part] = this.#tx.splitCoins(coin, [this.pure('u64', amount)]);
    return part;
  }

  merge(into: Value, coins: readonly Value[]): void {
    if (coins.length > 0) this.#tx.mergeCoins(into, [...coins]);
  }

  transfer(objects: readonly Value[], to: string): void {
    for (let at = 0; at < objects.length; at += TRANSFER_LIMIT) {
      this.#tx.transferObjects(objects.slice(at, at + TRANSFER_LIMIT), this.pure('address', to));
    }
  }

  finish(sender: string, gas: GasPayment, expirationEpoch: bigint): Promise<Uint8Array> {
    const tx = this.#tx;
    tx.setSender(sender);
    tx.setGasOwner(sender);
    tx.setGasPrice(gas.priceMist);
    tx.setGasBudget(gas.budgetMist);
    tx.setGasPayment([...gas.coins]);
    tx.setExpiration({ Epoch: expirationEpoch.toString() });
    return tx.build();
  }
}
