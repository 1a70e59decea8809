import type { FaultRuleInput } from '../../src/devnet/faults/rules.ts';
import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import { expect } from './fixtures.ts';

/** Points of an upload at which the network waits: what a test does meanwhile happens exactly there. */

export interface HoldPoint {
  /** has the network wait there */
  prepare(network: ServedNetwork): Promise<void>;
  /** settles when it waits */
  reached(network: ServedNetwork): Promise<void>;
}

const patience = { timeout: 60_000, intervals: [50] };

type What = 'request' | 'answer';

async function reachedService({ network }: ServedNetwork, service: 'rpc' | 'relay', name: string) {
  await expect.poll(() => network.services[service].faults.held, patience).toContain(name);
}

const SIMULATE = 'TransactionExecutionService/SimulateTransaction';
const EXECUTE = 'TransactionExecutionService/ExecuteTransaction';

const holdRpc = ({ network }: ServedNetwork, path: string, afterN: number, what: What) =>
  network.services.rpc.setFaults([
    { match: { path, times: 1, afterN }, action: { type: 'hold', name: path, what } },
  ]);

/** A transaction, before or after it is executed; `afterN` others of it go before. */
export const atExecution = (afterN: number, what: What): HoldPoint => ({
  prepare: (network) => holdRpc(network, EXECUTE, afterN, what),
  reached: (network) => reachedService(network, 'rpc', EXECUTE),
});

/** What is to be signed next is being tried. */
export const beforeNextTransaction: HoldPoint = {
  prepare: (network) => holdRpc(network, SIMULATE, 0, 'request'),
  reached: (network) => reachedService(network, 'rpc', SIMULATE),
};

/** From now on the full node answers nothing, until all is let go. */
export const silentChain = ({ network }: ServedNetwork) =>
  network.services.rpc.setFaults([
    { match: {}, action: { type: 'hold', name: 'silent', what: 'request' } },
  ]);

const setNodes = ({ network }: ServedNetwork, rulesOf: (node: number) => FaultRuleInput[]) =>
  Promise.all(network.nodes.map((slot, node) => slot.setFaults(rulesOf(node))));

const hold = (name: string, match: FaultRuleInput['match']): FaultRuleInput => ({
  match: { ...match },
  action: { type: 'hold', name },
});

const heldByNodes = ({ network }: ServedNetwork) =>
  network.nodes.flatMap(({ engine }) => engine.held);

/** Slivers that nodes took from clients, from a sequence number of their log on. */
export function takenSlivers({ network }: ServedNetwork, begin: number): readonly string[] {
  return network.fleet.log
    .since(begin)
    .filter(({ method, path, status, peer }) => {
      return method === 'PUT' && path.includes('/slivers/') && status < 300 && status > 0 && !peer;
    })
    .map(({ node, path }) => `${node} ${path.split('?')[0]}`); // before a payment they are `pending`
}

/** Nodes get nothing. */
export const atFirstPut: HoldPoint = {
  prepare: async (network) =>
    void (await setNodes(network, () => [hold('put', { method: 'PUT' })])),
  reached: (network) => expect.poll(() => heldByNodes(network), patience).toContain('put'),
};

/** Nodes take so many slivers each, where they have as many, and wait with the others. Three nodes may be a quorum. */
export function afterSlivers(each: number): HoldPoint {
  let begin = 0;
  const fullNodes = (network: ServedNetwork) => {
    const taken = takenSlivers(network, begin);
    return network.network.settings.weights.filter((weight, node) => {
      const count = taken.filter((sliver) => sliver.startsWith(`${node} `)).length;
      return count === Math.min(each, 2 * weight);
    }).length;
  };
  return {
    async prepare(network) {
      begin = network.network.fleet.log.next;
      const match = { method: 'PUT', route: 'sliver', afterN: each } as const;
      await setNodes(network, () => [hold('sliver', match)]);
    },
    reached: (network) => expect.poll(() => fullNodes(network), patience).toBeGreaterThanOrEqual(3),
  };
}

export const atConfirmation: HoldPoint = {
  prepare: async (network) => {
    await setNodes(network, () => [
      { match: { route: 'confirmation' }, action: { type: 'hold', name: 'sign', what: 'answer' } },
    ]);
  },
  reached: (network) => expect.poll(() => heldByNodes(network), patience).toContain('sign'),
};

/** Lets all go on that waits; nothing waits any more. */
export async function letAllGo(network: ServedNetwork): Promise<void> {
  await network.admin.days.clear();
}

/** Enough nodes have signed, and the transaction that says so is not built yet. */
export const beforeCertificate: HoldPoint = {
  prepare: atConfirmation.prepare,
  async reached(network) {
    await atConfirmation.reached(network);
    await beforeNextTransaction.prepare(network);
    await setNodes(network, () => []);
    for (const { engine } of network.network.nodes) engine.release('sign');
    await beforeNextTransaction.reached(network);
  },
};

/** All is done, and what lies at the holder's address is looked at before its key is removed. */
export const beforeKeyEnds: HoldPoint = {
  prepare: (network) => holdRpc(network, EXECUTE, 1, 'answer'),
  async reached(network) {
    await reachedService(network, 'rpc', EXECUTE);
    const look = 'StateService/ListOwnedObjects';
    await holdRpc(network, look, 0, 'answer');
    network.network.services.rpc.faults.release(EXECUTE);
    await reachedService(network, 'rpc', look);
  },
};

/** The relay has done its work, and its answer is on the way. */
export const atRelayAnswer: HoldPoint = {
  async prepare({ network }) {
    await network.services.relay.setFaults([
      {
        match: { method: 'POST', times: 1 },
        action: { type: 'hold', name: 'relay', what: 'answer' },
      },
    ]);
  },
  reached: (network) => reachedService(network, 'relay', 'relay'),
};

/** Both at once; who waits may lose patience, so each is seen when it happens. */
export const both = (first: HoldPoint, second: HoldPoint): HoldPoint => ({
  async prepare(network) {
    await first.prepare(network);
    await second.prepare(network);
  },
  async reached(network) {
    await Promise.all([first.reached(network), second.reached(network)]);
  },
});
