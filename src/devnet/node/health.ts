import { toBase64 } from './confirmation.ts';
import { assignment, type NodeCore } from './core.ts';
import { success } from './reply.ts';
import type { ShardStatus } from './shard-table.ts';

/** `GET /v1/health`. Counts of events are those of facts that this node has processed. */
export function health(core: NodeCore, events: number, detailed: boolean): Response {
  const ms = Math.max(0, core.doors.clock.monotonic() - core.startedAt);
  const { epoch, shards } = assignment(core, {});
  const owned = shards.map((shard) => ({ shard, status: core.shards.status(shard) ?? 'unknown' }));
  const other = core.shards.all().filter(([shard]) => !shards.includes(shard));
  const count = (wanted: ShardStatus | 'unknown') =>
    owned.filter(({ status }) => status === wanted).length;
  const recovering = count('inTransfer') + count('inRecovery') > 0;
  const summary = {
    uptime: { secs: Math.floor(ms / 1_000), nanos: Math.floor((ms % 1_000) * 1e6) },
    epoch,
    publicKey: toBase64(core.identity.publicKey),
    nodeStatus: shards.length === 0 ? 'Standby' : recovering ? 'RecoveryInProgress' : 'Active',
    eventProgress: {
      persisted: events,
      pending: 0,
      highestFinishedEventIndex: Math.max(0, events - 1),
    },
    shardSummary: {
      owned: shards.length,
      ownedShardStatus: {
        unknown: count('unknown'),
        ready: count('ready'),
        inTransfer: count('inTransfer'),
        inRecovery: count('inRecovery'),
      },
      readOnly: other.length,
    },
    latestCheckpointSequenceNumber: events,
  };
  if (!detailed) return success(summary);
  const shardDetail = { owned, other: other.map(([shard, status]) => ({ shard, status })) };
  return success({ ...summary, shardDetail });
}
