import {
  coinBalance,
  GAS_COIN_TYPE,
  type LedgerObject,
  sealObject,
  sealPaidObject,
} from '../ledger/ledger-object.ts';
import type { Address } from '../move/native.ts';
import type { ObjectChange } from './changes.ts';
import type { ExecutionRequest } from './run.ts';
import { idBytes, type Session } from './session.ts';
import type { Place } from './values.ts';

/** Who pays: the coins of the transaction, or in a simulation a coin that does not exist. */
export type GasPayment = 'coins' | 'invented';

/** The coin of a simulation that has none: a billion SUI, under an id that nobody owns. */
const INVENTED_ID: Address = `0x${'a'.repeat(64)}`;
const INVENTED_BALANCE = 10n ** 18n;

/** How a transaction pays: the first coin, into which all others are merged. */
export interface OpenGas {
  readonly coin: LedgerObject;
  /** MIST in all coins together */
  readonly total: bigint;
  readonly budget: bigint;
  place(session: Session): Place;
  /** the coins that were merged into the first */
  removed(): ObjectChange[];
}

export function openGas(request: ExecutionRequest): OpenGas {
  const { payment, checked, tx } = request;
  const budget = BigInt(tx.data.gasData.budget);
  const coins = payment === 'invented' ? [inventedCoin(tx.data.gasData.owner)] : checked.gas;
  const [coin, ...others] = coins;
  if (coin === undefined) throw new Error('a transaction without a gas coin was let in');
  const total = coins.reduce((sum, each) => sum + coinBalance(each.contents), 0n);
  return {
    coin,
    total,
    budget,
    place: (session) => {
      const live = session.hold(coin);
      live.value.balance.value = total - budget;
      return { kind: 'gas', live, mutable: true, taken: false };
    },
    removed: () =>
      others.map((before) => ({ id: before.id, before, after: undefined, idOperation: 'deleted' })),
  };
}

/** Adds `amount` (which may be negative) to the coin as it comes out of the transaction. */
export function chargeCoin(changes: ObjectChange[], id: Address, amount: bigint): void {
  const index = changes.findIndex((change) => change.id === id);
  const change = changes[index];
  if (!change?.after) throw new Error('the gas coin is not among the changes');
  const contents = change.after.contents.slice();
  const balance = coinBalance(contents) + amount;
  new DataView(contents.buffer).setBigUint64(32, balance, true);
  changes[index] = { ...change, after: sealObject({ ...change.after, contents }) };
}

function inventedCoin(owner: Address): LedgerObject {
  const contents = new Uint8Array(40);
  contents.set(idBytes(INVENTED_ID));
  new DataView(contents.buffer).setBigUint64(32, INVENTED_BALANCE, true);
  return sealPaidObject({
    id: INVENTED_ID,
    version: 1n,
    type: GAS_COIN_TYPE,
    owner: { kind: 'address', address: owner },
    publicTransfer: true,
    contents,
    previousTransaction: '1'.repeat(32),
  });
}
