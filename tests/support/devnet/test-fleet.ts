import type { ChainCommittee } from '../../../src/devnet/chain-port.ts';
import { assignShards, makeIdentities, type NodeIdentity } from '../../../src/devnet/committee.ts';
import { MemoryDisk } from '../../../src/devnet/disk/memory-disk.ts';
import { type FleetOptions, NodeFleet } from '../../../src/devnet/fleet.ts';
import { DEFAULT_SETTINGS, type NodeSettings } from '../../../src/devnet/node/core.ts';
import type { FactCommittee } from '../../../src/devnet/node/facts.ts';
import { PENDING_ON } from '../../../src/devnet/node/pending.ts';
import { Ports } from '../../../src/devnet/ports.ts';
import { InThreadVerifier } from '../../../src/devnet/verify/in-thread.ts';
import type { Kernel } from '../../../src/kernel/kernel.ts';
import { loadKernel } from '../../../src/kernel/load.ts';
import { systemClock } from '../../../src/workers/doors.ts';
import { committeeOf } from './chain-double.ts';

export type FleetChange = Partial<Omit<FleetOptions, 'settings'>> & {
  readonly weights?: readonly number[];
  readonly settings?: Partial<NodeSettings>;
};

let module: Promise<WebAssembly.Module> | undefined;
export const kernelModule = () => {
  module ??= loadKernel();
  return module;
};
export type { Kernel };

/** Settings of a small fleet in this process, without delays. */
export async function fleetOptions(change: FleetChange = {}): Promise<FleetOptions> {
  const { weights = [3, 3, 3, 2, 2], settings, ...rest } = change;
  const shardCount = weights.reduce((sum, weight) => sum + weight, 0);
  return {
    identities: makeIdentities('test', weights.length),
    disk: new MemoryDisk(),
    clock: systemClock,
    seed: 'test',
    verifier: new InThreadVerifier(await kernelModule()),
    source: { kind: 'control' },
    chainDelayMs: [0, 0],
    pending: PENDING_ON,
    cors: {},
    heal: { deferMs: 0, sliverMs: 0, retryMs: 5 },
    ...rest,
    settings: { ...DEFAULT_SETTINGS, shardCount, ...settings },
  };
}

/** A fleet that runs, and its committee of epoch 1. In control mode it knows that committee. */
export async function startFleet(
  change: FleetChange = {},
): Promise<{ fleet: NodeFleet; committee: ChainCommittee; identities: readonly NodeIdentity[] }> {
  const { weights = [3, 3, 3, 2, 2] } = change;
  const options = await fleetOptions(change);
  const fleet = new NodeFleet(options);
  const addresses = fleet.slots.map((slot) => slot.networkAddress);
  const { identities } = options;
  const committee = committeeOf(1, identities, assignShards(weights), addresses);
  await fleet.start();
  if (options.source.kind !== 'follow') {
    fleet.tell({ type: 'epoch', state: 'done', current: factCommittee(committee) });
    await settled(fleet);
  }
  return { fleet, committee, identities };
}

/** A port for each node of a fleet that is about to be made. */
export async function fleetPorts(
  count: number,
  handler: (index: number, request: Request) => Promise<Response>,
) {
  const ports = new Ports({ clock: systemClock, bodyBytes: 512 << 20 });
  const addresses: string[] = [];
  for (let index = 0; index < count; index++) {
    const port = await ports.add(`${index}`, 0, (request) => handler(index, request));
    addresses.push(`127.0.0.1:${port}`);
  }
  return {
    addresses,
    set: (index: number, open: boolean) => ports.set(`${index}`, open),
    close: () => ports.close(),
  };
}

export function factCommittee({ epoch, members }: ChainCommittee): FactCommittee {
  return {
    epoch,
    members: members.map(({ nodeId, name, networkAddress, publicKey, shards }) => {
      return {
        nodeId,
        name,
        networkAddress,
        publicKey: Buffer.from(publicKey).toString('hex'),
        shards,
      };
    }),
  };
}

/** Waits until all nodes know what they were told and have what they must have. */
export async function settled(fleet: NodeFleet, ms = 10_000): Promise<void> {
  const end = Date.now() + ms;
  while (fleet.settling) {
    if (Date.now() > end) throw new Error('the nodes do not come to rest');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
