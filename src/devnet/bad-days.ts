import type { LocalNetwork } from './network.ts';
import { SERVICE_NAMES } from './network-options.ts';
import { type PresetName, planOf } from './presets.ts';

/** Puts presets into force on a network, one at a time, and takes them back. */
export class BadDays {
  readonly #network: LocalNetwork;
  #current: PresetName | undefined;
  #unwatch = (): void => undefined;

  constructor(network: LocalNetwork) {
    this.#network = network;
  }

  get current(): PresetName | undefined {
    return this.#current;
  }

  /** @param seed draws which nodes it hits; by default that of the network */
  async start(name: PresetName, seed = this.#network.settings.seed): Promise<void> {
    await this.clear();
    const { nodes, services, life } = this.#network;
    const { current } = life.port.state();
    const weights = nodes.map(({ identity }) => {
      return current.members.find(({ nodeId }) => nodeId === identity.nodeId)?.weight ?? 0;
    });
    const plan = planOf(name, { weights, seed });
    for (const [index, rules] of plan.nodes) await nodes[index]?.setFaults(rules);
    for (const service of SERVICE_NAMES) {
      await services[service].setFaults(plan.services[service] ?? []);
    }
    life.chain.faults.set(plan.chain);
    if (plan.epochAfterSlivers !== undefined) this.#endEpochAfter(plan.epochAfterSlivers);
    this.#current = name;
  }

  /** Ends all faults. Nodes that were killed stay dead. */
  async clear(): Promise<void> {
    this.#unwatch();
    this.#current = undefined;
    const { nodes, services, life } = this.#network;
    for (const slot of nodes) {
      await slot.setFaults([]);
      for (const name of slot.engine.held) slot.engine.release(name);
    }
    for (const service of SERVICE_NAMES) {
      await services[service].setFaults([]);
      for (const name of services[service].faults.held) services[service].faults.release(name);
    }
    life.chain.faults.clear();
  }

  /** Ends the epoch when so many slivers were sent to nodes from now on. */
  #endEpochAfter(slivers: number): void {
    const { fleet, epochs } = this.#network;
    let left = slivers;
    this.#unwatch = fleet.log.subscribe(({ method, path }) => {
      if (method !== 'PUT' || !path.includes('/slivers/')) return;
      left -= 1;
      if (left > 0) return;
      this.#unwatch();
      epochs.advance().catch(() => undefined); // the epoch could not end now
    });
  }
}
