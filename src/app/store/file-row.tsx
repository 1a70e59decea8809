import type { QueueItem } from '../../flows/prepare-item.ts';
import { visibleName } from '../../presentation/names.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyIcon } from '../parts/copy-icon.tsx';
import { FileName } from '../parts/file-name.tsx';
import { ProgressLine } from '../parts/progress-line.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useKeptFocus } from '../parts/use-kept-focus.ts';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import { AgainAction } from './again-action.tsx';
import css from './file-row.module.css';
import { RowActions } from './row-actions.tsx';
import { RowButton } from './row-button.tsx';
import { Thumbnail } from './thumbnail.tsx';
import { useQueueItem } from './use-queue.ts';

const c = classesOf(css);

interface FileRowProps {
  readonly id: string;
  readonly onMenu: (id: string, button: HTMLElement) => void;
}

/** One file: what it is, how far it is, and in the end its ID. */
export function FileRow(props: FileRowProps) {
  const item = useQueueItem(props.id);
  const { say, formats } = useWords();
  const keepFocus = useKeptFocus();
  if (item === undefined) return null;
  const { file, state } = item;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only remembers where focus was
    <div className={c('row')} data-row={state} onFocus={keepFocus}>
      <div className={c('line')}>
        <Thumbnail file={file} />
        <div className={c('what')}>
          <FileName name={file.name} />
          <p className={`${c('meta')} numeric`}>
            <span>{formats.bytes(file.size)}</span>
            <bdi>{file.type === '' ? say('row.noType') : file.type}</bdi>
            {item.folder !== '' && (
              <bdi>{say('row.folder', { folder: visibleName(item.folder) })}</bdi>
            )}
          </p>
        </div>
        <div className={c('how')}>
          <How item={item} />
        </div>
        <RowActions id={item.id} name={file.name} state={state} onMenu={props.onMenu} />
      </div>
      {state === 'failed' && (
        <TroubleCard
          isInRow
          error={item.error}
          name={file.name}
          action={(label) => <AgainAction item={item} label={label} />}
        />
      )}
    </div>
  );
}

function How({ item }: { item: QueueItem }) {
  const { say, formats } = useWords();
  const { state, prepared, progress, pace, file } = item;
  if (prepared !== undefined) {
    return (
      <div className={c('ready')} data-blob-id={prepared.blobId}>
        <div className={c('id')}>
          <BlobId id={prepared.blobId} />
          <span className={`${c('meta')} numeric`}>
            {say('row.encoded', { size: formats.bytes(prepared.encodedBytes) })}
          </span>
        </div>
        <RowCopy blobId={prepared.blobId} />
      </div>
    );
  }
  const share = progress && progress.bytesTotal > 0 ? progress.bytesDone / progress.bytesTotal : 0;
  const isHeld = state === 'paused' && share > 0;
  if (state !== 'preparing' && !isHeld) {
    return (
      <p className={c('state')}>
        {state === 'waiting' && say('row.waiting')}
        {state === 'paused' && say('row.paused')}
        {state === 'stopped' && say('row.stopped')}
        {state === 'failed' && say('row.failed')}
      </p>
    );
  }
  if (progress === undefined || progress.phase === 'queued') {
    return <p className={c('state')}>{say('row.queued')}</p>;
  }
  const percent = formats.percent(share);
  const time = pace?.secondsLeft === undefined ? undefined : formats.duration(pace.secondsLeft);
  return (
    <div className={c('progress')}>
      <ProgressLine
        isThin
        label={say('row.progress', { name: visibleName(file.name) })}
        share={share}
        tone={isHeld ? 'held' : 'work'}
        text={time === undefined ? percent : say('row.percentLeft', { percent, time })}
      />
      <p className={`${c('meta')} numeric`}>
        <span>{isHeld ? say('row.pausedAt', { percent }) : percent}</span>
        {pace !== undefined && time === undefined && (
          <span>{formats.speed(pace.bytesPerSecond)}</span>
        )}
        {pace !== undefined && time !== undefined && (
          <span>{say('row.speed', { speed: formats.speed(pace.bytesPerSecond), time })}</span>
        )}
      </p>
    </div>
  );
}

function RowCopy({ blobId }: { blobId: string }) {
  const { say } = useWords();
  const [copied, copy] = useCopy();
  return (
    <RowButton
      label={say('copy.id', { end: blobId.slice(-4) })}
      onPress={() => void copy(blobId, say('copy.idDone'))}
    >
      <CopyIcon copied={copied} />
    </RowButton>
  );
}
