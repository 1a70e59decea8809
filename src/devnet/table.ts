import type { NetworkDescription } from './describe.ts';

const SHOWN_NODES = 12;

/** A network for a person at a terminal. */
export function tableOf(description: NetworkDescription, data: string | undefined): string {
  const { nodes, accounts, adminUrl, adminToken } = description;
  const first = nodes.slice(0, SHOWN_NODES);
  const rest = nodes.length - first.length;
  const rows: (readonly [string, string])[] = [
    ['Control page', `${adminUrl}/#${adminToken}`],
    ['Sui full node', description.rpcUrl],
    ['Faucet', `${description.faucetUrl}/v2/gas`],
    ['Upload relay', description.relayUrl],
    ['Aggregator', description.aggregatorUrl],
    ['System object', description.systemObjectId],
    ['Staking object', description.stakingObjectId],
    ['WAL', description.walType],
    ['Chain', description.chainId],
    ['Data', data ?? 'in memory only'],
    ...first.map(({ name, url, shards }) => [name, `${url}  ${shards} shards`] as const),
    ...(rest > 0 ? [['…', `${rest} more nodes, up to ${nodes.at(-1)?.url}`] as const] : []),
    ...accounts.map(
      ({ address, secretKey }, i) => [`Account ${i}`, `${address}\n${secretKey}`] as const,
    ),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => {
    const indent = `\n${' '.repeat(width + 4)}`;
    return `  ${name.padEnd(width)}  ${value.replaceAll('\n', indent)}`;
  });
  const { shardCount, seed } = description;
  const head = `Local Walrus network: ${nodes.length} nodes, ${shardCount} shards, seed ${seed}. Keys and coins are worth nothing.`;
  return `${head}\n\n${lines.join('\n')}\n`;
}
