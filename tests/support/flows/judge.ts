import type { LocalNetwork } from '../../../src/devnet/network.ts';
import { ACCOUNT_SUI, ACCOUNT_WAL } from '../../../src/devnet/network-options.ts';
import { GAS_COIN_TYPE } from '../../../src/devnet/sui/ledger/ledger-object.ts';
import type { ClientStore } from '../../../src/store/journal.ts';

/** What the ledger says, whatever a client says of itself. */
export function judge(network: LocalNetwork) {
  const { life } = network;
  const objects = () => life.chain.ledger.objects;
  const walCoin = `0x2::coin::Coin<${life.ids.walType}>`;
  const ofType = (owner: string, name: string) =>
    objects()
      .ownedBy(owner)
      .filter(({ type }) => type.endsWith(name));
  const sumOf = (address: string, coin: string) =>
    objects()
      .ownedBy(address)
      .filter(({ type }) => shortened(type) === shortened(coin))
      .reduce((sum, { contents }) => sum + amountOf(contents), 0n);
  /** FROST */
  const walOf = (address: string) => sumOf(address, walCoin);
  return {
    walOf,
    /** FROST that an account of the genesis does not have any more */
    spentFrost: (address: string) => ACCOUNT_WAL - walOf(address),
    /** MIST, the same */
    spentMist: (address: string) => ACCOUNT_SUI - sumOf(address, GAS_COIN_TYPE),
    blobsOf: (address: string) => ofType(address, '::blob::Blob').map(({ id }) => id),
    storagesOf: (address: string) => ofType(address, '::storage_resource::Storage').length,
    /** everything that lies at an address */
    holdings: (address: string) => objects().ownedBy(address).length,
  };
}

/** The holders that a store knows of. */
export async function holdersIn(store: ClientStore): Promise<string[]> {
  const rows = await store.scan('facts', { begin: '', end: '\uffff' });
  return rows.flatMap(({ value }) => (value.kind === 'keyed' ? [value.holder] : []));
}

export async function keysIn(store: ClientStore): Promise<number> {
  return (await store.scan('keys', { begin: '', end: '\uffff' })).length;
}

/** A coin is its ID and a u64. */
function amountOf(contents: Uint8Array): bigint {
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  return view.getBigUint64(32, true);
}

const shortened = (type: string) => type.replaceAll(/0x0*/g, '0x');
