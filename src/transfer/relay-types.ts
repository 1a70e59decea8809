import type { RelayPost } from '../network/relay-client.ts';
import type { CommitteeSource } from './put-types.ts';

export type { TipPayment } from '../network/relay-client.ts';

/** One blob on its way through an upload relay. Its `onSent` starts again when a try has to be repeated. */
export interface RelayPut extends RelayPost {
  readonly committee: CommitteeSource;
}
