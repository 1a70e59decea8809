import type { OwnedBlob, SystemView } from '../../chain/chain-client.ts';
import type { StoredElsewhere } from './ports.ts';
import type { FileStanding, QuotedFile, QuoteOptions } from './types.ts';

/** What is known of one blob ID before anything is paid. */
export interface Known {
  readonly owned: readonly OwnedBlob[];
  readonly elsewhere: StoredElsewhere | undefined;
}

export type Standing = Pick<
  QuotedFile,
  'jobId' | 'blobObjectId' | 'isPermanent' | 'endEpoch' | 'endsEarly'
> & {
  readonly standing: FileStanding;
};

/**
 * Decides what has to be done for a blob. What is stored long enough need not be paid again; what
 * was registered and never certified only has to be finished; what ends too early needs more time.
 *
 * @param endEpoch exclusive; how long it is wanted
 */
export function findStanding(
  { owned, elsewhere }: Known,
  { epoch }: Pick<SystemView, 'epoch'>,
  endEpoch: number,
  { deletable, reuse = 'any' }: Pick<QuoteOptions, 'deletable' | 'reuse'>,
): Standing {
  if (reuse === 'none') return { standing: 'new', endEpoch };
  // A permanent blob is as good as a deletable one, but not the other way round.
  const living = owned
    .filter((blob) => blob.endEpoch > epoch && (deletable || !blob.deletable))
    .sort((a, b) => b.endEpoch - a.endEpoch);
  const certified = living.find(({ certifiedEpoch }) => certifiedEpoch !== undefined);
  if (certified !== undefined && certified.endEpoch >= endEpoch) {
    return found('owned', certified);
  }
  const open = living.find((blob) => {
    return blob.certifiedEpoch === undefined && blob.endEpoch >= endEpoch;
  });
  if (open !== undefined) return found('registered', open);
  const theirs = elsewhere?.permanentEndEpoch;
  if (reuse === 'any' && theirs !== undefined && theirs >= endEpoch) {
    return { standing: 'stored', endEpoch: theirs };
  }
  if (certified === undefined) return { standing: 'new', endEpoch };
  const { blobObjectId, endEpoch: early, ...own } = found('extendable', certified);
  return { ...own, blobObjectId, endEpoch, endsEarly: { blobObjectId, endEpoch: early } };
}

function found(standing: FileStanding, { ref, endEpoch, deletable }: OwnedBlob) {
  return { standing, blobObjectId: ref.objectId, isPermanent: !deletable, endEpoch };
}
