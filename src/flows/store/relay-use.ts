import { choosePath } from '../../transfer/choose-path.ts';
import type { UploadPath } from '../../transfer/upload-types.ts';
import type { PreparedFile } from './plan-intents.ts';
import type { RelayOffer } from './ports.ts';
import type { QuoteOptions } from './types.ts';

type Wishes = Pick<QuoteOptions, 'path' | 'tipCapMist'>;

/**
 * The offer of a relay, if it is to be used for these files: always where it costs nothing; where it wants a tip, if
 * the person asks for the relay, or if it saves much time. One tip pays for one file and takes an approval of its own,
 * so that nobody is asked twice who has not asked for the relay.
 *
 * @param files all of the batch
 */
export function relayFor(
  offer: RelayOffer | undefined,
  files: readonly Pick<PreparedFile, 'summary' | 'quoted'>[],
  wishes: Wishes,
  shardCount: number,
): RelayOffer | undefined {
  if (offer?.tip === undefined) return offer;
  const { path = 'auto', tipCapMist } = wishes;
  const { mist } = offer.tip;
  const fresh = files.filter(({ quoted }) => quoted.standing === 'new');
  const isTooDear = fresh.some(({ summary }) => {
    return tipCapMist !== undefined && mist(summary.encodedBytes) > tipCapMist;
  });
  if (isTooDear) return undefined;
  if (path === 'relay') return offer;
  const [only] = fresh;
  if (tipCapMist === undefined || only === undefined || fresh.length > 1) return undefined;
  return pathWith(offer, only.summary, wishes, shardCount) === 'relay' ? offer : undefined;
}

/** The way that a blob goes first where a relay may be used: the person's choice, else the one that is faster. */
export function pathWith(
  { tip }: RelayOffer,
  {
    unencodedBytes,
    encodedBytes,
  }: { readonly unencodedBytes: number; readonly encodedBytes: number },
  { path = 'auto', tipCapMist = 0n }: Wishes,
  shardCount: number,
): UploadPath {
  if (path !== 'auto') return path;
  const tipMist = tip?.mist(encodedBytes) ?? 0n;
  const { first } = choosePath({
    ...{ shardCount, nodeCount: 0, slivers: true, unencodedBytes },
    relay: { isHealthy: true, tipMist, approvedTipMist: tipCapMist },
  });
  return first;
}
