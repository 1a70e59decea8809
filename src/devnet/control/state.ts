import type { BadDays } from '../bad-days.ts';
import type { LocalNetwork } from '../network.ts';
import { SERVICE_NAMES } from '../network-options.ts';
import type { NodeSlot } from '../node-slot.ts';
import { PRESET_NAMES, PRESETS } from '../presets.ts';
import { tipJson } from '../relay/tip.ts';
import type { BlobList } from './blob-list.ts';
import { chainFaultsJson } from './chain-fault-json.ts';

const SHOWN_BLOBS = 50;

/** All that the page shows, as JSON. */
export function stateJson(network: LocalNetwork, days: BadDays, blobs: BlobList): unknown {
  const { life, fleet, services, epochs } = network;
  const { epoch, epochState, shardCount, current } = life.port.state();
  const { system } = life.port.contract;
  const weights = new Map(current.members.map(({ nodeId, weight }) => [nodeId, weight]));
  return {
    epoch,
    epochState,
    shardCount,
    /** when the next step of the epoch is due, and the chain's time; ms since 1970 */
    dueMs: epochs.dueMs,
    nowMs: life.chain.now(),
    prices: {
      storage: system.storage_price_per_unit_size,
      write: system.write_price_per_unit_size,
    },
    capacity: { total: system.total_capacity_size, used: system.used_capacity_size },
    transactions: life.chain.ledger.transactions.length,
    preset: days.current ?? null,
    presets: PRESET_NAMES.map((name) => ({ name, sentence: PRESETS[name].sentence })),
    nodes: network.nodes.map((slot) => nodeJson(slot, weights.get(slot.identity.nodeId) ?? 0)),
    services: SERVICE_NAMES.map((name) => {
      const { alive, faults, log } = services[name];
      const { rules, hits, held } = faults;
      return { name, alive, rules, hits, held, requests: log.next };
    }),
    tip: tipJson(network.relaySettings.tip),
    chainFaults: chainFaultsJson(life.chain.faults.now),
    chainFaultCounts: life.chain.faults.counts,
    blobs: { count: blobs.count, newest: blobs.newest(SHOWN_BLOBS) },
    log: { next: fleet.log.next, maxInFlight: fleet.log.maxInFlight },
  };
}

function nodeJson({ identity, engine, networkAddress, node, settling }: NodeSlot, weight: number) {
  const shards: Record<string, number> = {};
  for (const [, status] of node?.core.shards.all() ?? []) {
    shards[status] = (shards[status] ?? 0) + 1;
  }
  return {
    index: identity.index,
    name: identity.name,
    nodeId: identity.nodeId,
    address: networkAddress,
    weight,
    alive: node !== undefined,
    settling,
    epoch: node?.core.registry.epoch ?? null,
    shards,
    ...(node?.core.store.usage ?? { blobs: null, slivers: null }),
    rules: engine.rules,
    hits: engine.hits,
    held: engine.held,
  };
}

/** JSON with whole amounts as text, which may be larger than the numbers of JSON. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? each.toString() : each));
}
