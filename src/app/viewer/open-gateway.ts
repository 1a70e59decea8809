import type { PageNetwork } from '../network.ts';
import type { Gateway } from './gateway.ts';

/** The service worker, once it answers for this page. */
export async function openGateway(_network: PageNetwork): Promise<Gateway | undefined> {
  return undefined;
}
