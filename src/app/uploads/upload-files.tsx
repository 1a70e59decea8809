import { Link } from 'wouter';
import type { FileProgress, JobSnapshot } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { FileName } from '../parts/file-name.tsx';
import { ProgressLine } from '../parts/progress-line.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { uploadPlace } from '../routes.ts';
import { useWords } from '../words.tsx';
import { howPaid } from './upload.ts';
import css from './upload-files.module.css';
import { shareOf } from './upload-progress.ts';
import { useOnline } from './use-online.ts';

const c = classesOf(css);

export function UploadFiles({ snapshot }: { snapshot: JobSnapshot }) {
  const { say } = useWords();
  const isOnline = useOnline();
  const isPaid = howPaid(snapshot);
  const isHeld = snapshot.isPaused || !isOnline;
  return (
    <ul className={c('files')} aria-label={say('list.label')}>
      {snapshot.files.map((file, at) => (
        <FileLine
          // biome-ignore lint/suspicious/noArrayIndexKey: a batch never changes its order
          key={at}
          file={file}
          isPaid={isPaid}
          isHeld={isHeld}
          isPaused={snapshot.isPaused}
        />
      ))}
    </ul>
  );
}

interface FileLineProps {
  readonly file: FileProgress;
  readonly isPaid: boolean | 'part';
  /** nothing is sent for now */
  readonly isHeld: boolean;
  /** because the person wants that */
  readonly isPaused: boolean;
}

function FileLine({ file, isPaid, isHeld, isPaused }: FileLineProps) {
  const { say, formats } = useWords();
  const { name, bytes, blobId, state, error, unfinishedIn } = file;
  const share = shareOf(file);
  return (
    <li className={c('file')} data-file={state}>
      <div className={c('what')}>
        {name === undefined ? <BlobId id={blobId} /> : <FileName name={name} />}
        <span className={`${c('meta')} numeric`}>{formats.bytes(bytes)}</span>
      </div>
      <div className={c('how')}>
        {state === 'uploading' && (
          <ProgressLine
            isThin
            label={say('upload.fileProgress', { name: name ?? blobId })}
            share={share}
            text={formats.percent(share)}
            tone={isHeld ? 'held' : 'work'}
          />
        )}
        <span className={c('meta')}>
          {unfinishedIn === undefined ? (
            say(stateWord())
          ) : (
            <Link href={uploadPlace(unfinishedIn)}>{say('fileState.elsewhere')}</Link>
          )}
        </span>
      </div>
      {error !== undefined && (
        <TroubleCard
          isInRow
          isPaid={isPaid}
          error={error}
          {...(name === undefined ? {} : { name })}
        />
      )}
    </li>
  );

  function stateWord(): MessageKey {
    return state === 'uploading' && isPaused ? 'row.paused' : `fileState.${state}`;
  }
}
