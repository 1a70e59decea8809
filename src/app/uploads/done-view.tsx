import { Link } from 'wouter';
import type { JobSnapshot, StoredFile } from '../../flows/store/types.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { FileName } from '../parts/file-name.tsx';
import { Icon } from '../parts/icon.tsx';
import { CircleCheck } from '../parts/icons.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { PLACES } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './done-view.module.css';
import { aggregatorUrl } from './links.ts';
import { MoneyLine } from './money-line.tsx';

const c = classesOf(css);

interface DoneViewProps {
  readonly stored: readonly StoredFile[];
  readonly snapshot: JobSnapshot;
}

/** Stored, until when, and the links. */
export function DoneView({ stored, snapshot }: DoneViewProps) {
  const { say, formats } = useWords();
  const { network } = useServices();
  const { shown, state } = snapshot;
  return (
    <section className={c('done')} data-done={state}>
      <p className={c('sentence')}>
        <Icon of={CircleCheck} />
        {shown === undefined
          ? say('state.certified')
          : say('done.until', { date: formats.date(shown.endsMs) })}
      </p>
      <MoneyLine snapshot={snapshot} />
      <ul className={c('files')}>
        {stored.map((file, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a batch never changes its order
          <li key={at} className="card" data-stored={file.blobId}>
            {file.name !== undefined && <FileName name={file.name} />}
            <p>
              <BlobId id={file.blobId} />
            </p>
            {file.error !== undefined ? (
              <TroubleCard isInRow error={file.error} />
            ) : (
              <div className={c('actions')}>
                <CopyButton
                  kind={at === 0 ? 'primary' : 'secondary'}
                  text={() => aggregatorUrl(network, file.blobId)}
                  done={say('done.linkCopied')}
                >
                  {say('done.copyLink')}
                </CopyButton>
                <CopyButton kind="quiet" text={() => file.blobId} done={say('copy.idDone')}>
                  {say('row.copyId')}
                </CopyButton>
              </div>
            )}
          </li>
        ))}
      </ul>
      <p>
        <Link href={PLACES.store}>{say('done.more')}</Link>
      </p>
    </section>
  );
}
