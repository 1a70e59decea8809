import type { ReactNode } from 'react';
import type { QueueItem } from '../../flows/prepare-item.ts';
import { toHex, visibleName } from '../../presentation/names.ts';
import { geometryFor } from '../../protocol/geometry.ts';
import { BlobId } from '../parts/blob-id.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words.tsx';
import css from './details-sheet.module.css';
import { useQueueItem } from './use-queue.ts';

const c = classesOf(css);

/** Everything known about one file. */
export function DetailsSheet(props: { id: string | undefined; onClose: () => void }) {
  const { say } = useWords();
  const item = useQueueItem(props.id ?? '');
  return (
    <Sheet title={say('details.title')} isOpen={item !== undefined} onClose={props.onClose}>
      {item !== undefined && <Details item={item} />}
    </Sheet>
  );
}

function Details({ item }: { item: QueueItem }) {
  const { say, formats } = useWords();
  const { file, folder } = item;
  return (
    <dl className={c('list')}>
      <Entry label={say('details.name')}>
        <bdi translate="no">{visibleName(file.name)}</bdi>
      </Entry>
      {folder !== '' && (
        <Entry label={say('details.folder')}>
          <bdi translate="no">{visibleName(folder)}</bdi>
        </Entry>
      )}
      <Entry label={say('details.type')}>{file.type === '' ? say('row.noType') : file.type}</Entry>
      <Entry label={say('details.size')}>
        {file.size < 1000
          ? formats.exactBytes(file.size)
          : say('details.bytes', {
              size: formats.bytes(file.size),
              bytes: formats.exactBytes(file.size),
            })}
      </Entry>
      <Entry label={say('details.modified')}>{formats.dateTime(file.lastModified)}</Entry>
      <PreparedDetails item={item} />
    </dl>
  );
}

function PreparedDetails({ item }: { item: QueueItem }) {
  const { say, formats } = useWords();
  const { prepared, file } = item;
  if (prepared === undefined) return null;
  const { blobId, encodedBytes, symbolBytes, shardCount, tookMs, rootHash } = prepared;
  const shape = geometryFor(shardCount, file.size);
  return (
    <>
      <Entry label={say('details.blobId')}>
        <BlobId id={blobId} isWhole />
        <CopyButton
          text={() => blobId}
          label={say('copy.id', { end: blobId.slice(-4) })}
          done={say('copy.idDone')}
        />
      </Entry>
      <Entry label={say('details.encoded')}>
        {say('details.bytes', {
          size: formats.bytes(encodedBytes),
          bytes: formats.exactBytes(encodedBytes),
        })}
      </Entry>
      <Entry label={say('details.symbol')}>{formats.exactBytes(symbolBytes)}</Entry>
      <Entry label={say('details.matrix')}>
        {say('details.matrixValue', {
          rows: formats.count(shape.rowCount),
          columns: formats.count(shape.columnCount),
          shards: formats.count(shardCount),
        })}
      </Entry>
      <Entry label={say('details.root')}>
        <bdi dir="ltr" translate="no" className="mono">
          {toHex(rootHash)}
        </bdi>
      </Entry>
      <Entry label={say('details.took')}>
        {say('details.tookValue', {
          time: formats.duration(tookMs / 1000),
          speed: formats.speed((file.size * 1000) / Math.max(1, tookMs)),
        })}
      </Entry>
    </>
  );
}

function Entry(props: { label: string; children: ReactNode }) {
  return (
    <div className={c('entry')}>
      <dt className={c('label')}>{props.label}</dt>
      <dd className={c('value')}>{props.children}</dd>
    </div>
  );
}
