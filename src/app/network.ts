import type { NetworkInfo } from '../chain/network-info.ts';
import type { HauloutOptions } from '../flows/store/create-haulout.ts';
import { HauloutError } from '../protocol/errors.ts';

/** The network that this page works on. */
export interface PageNetwork {
  readonly name: NetworkInfo['network'];
  /** what `createHaulout` takes */
  readonly network: HauloutOptions['network'];
  readonly shardCount: number;
}

/** Shards of the public networks. */
const PUBLIC_SHARDS = 1000;

/**
 * Reads `<meta name="haulout-network">`: the name of a public network, or the description that a local one gives of
 * itself as JSON. Whoever serves the page may change it; an address never can.
 *
 * @param wish of the person, who may choose among the public ones
 * @throws HauloutError 'argument-invalid'
 */
export function pageNetwork(content: string | undefined, wish?: string): PageNetwork {
  if (isPublic(content)) {
    const name = isPublic(wish) ? wish : content;
    return { name, network: name, shardCount: PUBLIC_SHARDS };
  }
  const local = parse(content ?? '');
  if (local?.network === 'localnet')
    return { name: 'localnet', network: local, shardCount: local.shardCount };
  throw new HauloutError('argument-invalid', {
    name: 'haulout-network',
    reason: 'neither mainnet, testnet nor the description of a local network',
  });
}

function isPublic(name: string | undefined): name is 'mainnet' | 'testnet' {
  return name === 'mainnet' || name === 'testnet';
}

function parse(json: string): (NetworkInfo & { readonly shardCount: number }) | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** What the page says in its head, or what the person has chosen instead. */
export function networkOfPage(wish: string | undefined): PageNetwork {
  const meta = document.querySelector<HTMLMetaElement>('meta[name=haulout-network]');
  return pageNetwork(meta?.content, wish);
}
