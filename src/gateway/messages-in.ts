import type { GatewayNetwork, ToGateway } from '../flows/read/gateway-talk.ts';

/** From whom blobs are read. */
export type Told = Omit<Extract<ToGateway, { kind: 'network' }>, 'kind'>;

const NEEDED = [
  ...['chainId', 'rpcUrl', 'systemObjectId', 'stakingObjectId', 'packageId', 'walType'],
] as const;

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isAddress = (value: unknown): value is string =>
  isText(value) && /^https?:\/\//.test(value) && URL.canParse(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/** A message of a page; undefined for anything else. */
export function messageIn(data: unknown): ToGateway | undefined {
  if (!isObject(data)) return undefined;
  const { kind, blobId, network, aggregators } = data;
  if (kind === 'tell' && isText(blobId)) return { kind, blobId };
  if (kind !== 'network' || !isNetwork(network)) return undefined;
  if (aggregators === undefined) return { kind, network };
  const isList = Array.isArray(aggregators) && aggregators.every(isAddress);
  return isList ? { kind, network, aggregators } : undefined;
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
