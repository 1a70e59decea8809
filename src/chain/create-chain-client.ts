import type { ChainClient, PreparedTransaction } from './chain-client.ts';
import { contractOf } from './contract.ts';
import { ContractState } from './contract-state.ts';
import { checkReturned } from './decode/check-transaction.ts';
import { Endpoints, type EndpointsOptions } from './endpoints.ts';
import { OwnedObjects } from './owned.ts';
import { prepare } from './prepare.ts';
import { Transactions } from './transactions.ts';

const MAX_PRICE_RATIO = 3n; // of what a wallet may set, to the price that was asked for

/** A client of Sui for one network. Nothing is asked before the first call. */
export function createChainClient(options: EndpointsOptions): ChainClient {
  const { network, clock } = options;
  const endpoints = new Endpoints(options);
  const state = new ContractState(endpoints, network, clock);
  const owned = new OwnedObjects(
    endpoints,
    network.walType,
    async (signal) => (await state.system(signal && { signal })).packages,
  );
  const transactions = new Transactions(endpoints, clock);
  const doors = { network, clock, state, owned, transactions };

  const check = async (prepared: PreparedTransaction, bytes: Uint8Array, signal?: AbortSignal) => {
    const { plan, gas, expirationEpoch } = prepared;
    const system = await state.system(signal && { signal });
    const isSame =
      bytes.length === prepared.bytes.length && bytes.every((b, i) => b === prepared.bytes[i]);
    const known = isSame
      ? gas.coins
      : (await owned.coins(plan.sender, 'sui', signal)).map(({ ref }) => ref);
    const limits = {
      budgetMist: gas.budgetMist,
      priceMist: gas.priceMist * MAX_PRICE_RATIO,
      coins: new Set(known.map(({ objectId }) => objectId)),
      expirationEpoch,
    };
    return checkReturned(bytes, plan, limits, contractOf(network, system));
  };

  return {
    network,
    clock,
    system: (read) => state.system(read),
    gas: (read) => state.gas(read),
    nodes: (read) => state.nodes(read),
    leavingNodes: (read) => state.leavingNodes(read),
    forget: () => state.forget(),
    balance: (owner, signal) => owned.balances(owner, signal),
    coins: (owner, coin, signal) => owned.coins(owner, coin, signal),
    blobs: (owner, signal) => owned.blobs(owner, signal),
    storages: (owner, signal) => owned.storages(owner, signal),
    exchange: async (signal) => {
      const { network: name, exchangeObjectId } = network;
      if (name === 'mainnet' || exchangeObjectId === undefined) return undefined;
      return owned.exchange(exchangeObjectId, signal);
    },
    holdings: (owner, signal) => owned.holdings(owner, signal),
    blob: (objectId, signal) => owned.blob(objectId, signal),
    attributes: (objectId, signal) => owned.attributes(objectId, signal),
    markers: (sender, signal) => transactions.markers(sender, signal),
    purchases: (sender, blobIds, signal) => transactions.purchases(sender, blobIds, signal),
    transaction: (digest, signal) => transactions.find(digest, signal),
    history: (objectId, signal) => transactions.history(objectId, signal),
    whyDead: (life, signal) => transactions.whyDead(life, signal),
    prepare: (plan, settings = {}) => prepare(plan, settings, doors),
    check,
    simulate: (bytes, signal) => transactions.simulate(bytes, signal),
    async execute(bytes, signatures, signal) {
      const outcome = await transactions.execute(bytes, signatures, signal);
      state.forget(); // what was read before is from before
      return outcome;
    },
  };
}
