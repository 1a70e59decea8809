import type { SystemView } from './chain-client.ts';
import type { NetworkInfo } from './network-info.ts';

/** What the bytes of a transaction depend on besides its plan. */
export interface Contract {
  /** the package that is called */
  readonly packageId: string;
  readonly systemObjectId: string;
  readonly systemInitialVersion: string;
  readonly shardCount: number;
  /** nodes in the committee: the length of a bitmap of signers follows from it */
  readonly memberCount: number;
}

export function contractOf(network: NetworkInfo, system: SystemView): Contract {
  return {
    packageId: system.packages.callId,
    systemObjectId: network.systemObjectId,
    systemInitialVersion: system.packages.systemInitialVersion,
    shardCount: system.shardCount,
    memberCount: system.committee.members.length,
  };
}
