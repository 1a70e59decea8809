import type { GatewayNetwork, ToGateway } from '../flows/read/gateway-talk.ts';

const NEEDED = [
  ...['chainId', 'rpcUrl', 'systemObjectId', 'stakingObjectId', 'packageId', 'walType'],
] as const;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';

/** Who has sent a message: a page has an address. */
interface Sender {
  readonly url?: string;
}

/**
 * A message of a page of the app; undefined for anything else. The origin may hold other sites, whose pages can find the
 * worker too.
 *
 * @param root where the app lies
 */
export function messageIn(data: unknown, from: Sender | null, root: URL): ToGateway | undefined {
  if (!isObject(data) || !from?.url?.startsWith(root.href)) return undefined;
  const { kind, network } = data;
  if (kind === 'claim') return { kind };
  return kind === 'network' && isNetwork(network) ? { kind, network } : undefined;
}

/** The network that a page of the app names in its head. */
export function networkInPage(html: string): GatewayNetwork | undefined {
  const [, content = ''] = /<meta name="haulout-network" content="([^"]*)"/.exec(html) ?? [];
  const text = content.replaceAll('&quot;', '"').replaceAll('&amp;', '&');
  if (isNetwork(text)) return text;
  try {
    const told: unknown = JSON.parse(text);
    return isNetwork(told) ? told : undefined;
  } catch {
    return undefined;
  }
}

function isNetwork(value: unknown): value is GatewayNetwork {
  if (value === 'mainnet' || value === 'testnet') return true;
  if (!isObject(value) || value['network'] !== 'localnet') return false;
  const { nodes = [] } = value;
  const areNodes =
    Array.isArray(nodes) && nodes.every((node) => isObject(node) && isText(node['url']));
  return areNodes && NEEDED.every((name) => isText(value[name]));
}
