import { useState } from 'react';
import type { QueueItem } from '../../flows/prepare-item.ts';
import type { QueueView } from '../../flows/prepare-queue.ts';
import { doneShare } from '../../flows/queue-totals.ts';
import type { Message } from '../../presentation/messages.ts';
import { splitName, visibleName } from '../../presentation/names.ts';
import type { MatrixCounters } from '../../presentation/sliver-matrix.ts';
import { Action } from '../parts/action.tsx';
import { CardHead } from '../parts/card-head.tsx';
import { classesOf } from '../parts/classes.ts';
import { useServices } from '../services.ts';
import { useWords, type Words } from '../words.tsx';
import css from './matrix-card.module.css';
import { MatrixPicture } from './matrix-picture.tsx';
import { useQueueView } from './use-queue.ts';

const c = classesOf(css);
const MOST_ALONE = 1; // with more files the picture shows their mean, else it would only flicker

/** The picture of the work: pieces of one file, or the mean of all files. */
export function MatrixCard() {
  const { say, formats, tell } = useWords();
  const { queue, network } = useServices();
  const { shardCount } = network;
  const view = useQueueView();
  const [isText, setText] = useState(false);
  const only = view.totals.count <= MOST_ALONE ? queue.item(view.order[0] ?? '') : undefined;
  const counters =
    only === undefined ? countersOfAll(view, shardCount) : countersOf(only, shardCount);
  const sentence = only === undefined ? textOfAll(view, formats) : textOf(only, formats);
  const name =
    only === undefined
      ? say('matrix.nameBatch')
      : say('matrix.name', { name: visibleName(only.file.name) });
  return (
    <section className={`card ${c('card')}`}>
      <CardHead
        title={say('matrix.title')}
        of={only === undefined ? say('matrix.batch') : clipped(only.file.name)}
      >
        <Action kind="link" onPress={() => setText(!isText)}>
          {say(isText ? 'matrix.asPicture' : 'matrix.asText')}
        </Action>
      </CardHead>
      <div className={c('content')}>
        {isText ? (
          <p className={`${c('text')} numeric`} data-matrix-text>
            {tell(sentence)}
          </p>
        ) : (
          <MatrixPicture counters={counters} name={name} />
        )}
        <Legend />
      </div>
    </section>
  );
}

function Legend() {
  const { say } = useWords();
  return (
    <div className={c('legend')}>
      <ul className={c('keys')}>
        <li data-swatch="source">{say('matrix.source')}</li>
        <li data-swatch="row-repair">{say('matrix.rows')}</li>
        <li data-swatch="column-repair">{say('matrix.columns')}</li>
        <li data-swatch="corner">{say('matrix.corner')}</li>
      </ul>
      <p className={c('hint')}>{say('matrix.hint')}</p>
    </div>
  );
}

/** Counters of one file; a file that is not in work is all or nothing. */
function countersOf({ state, progress }: QueueItem, shardCount: number): MatrixCounters {
  if (state === 'ready') return { shardCount, rows: 1, columnRanges: [[0, shardCount]] };
  if (progress === undefined) return { shardCount, rows: 0, columnRanges: [] };
  return {
    shardCount,
    rows: progress.rowCount > 0 ? progress.rowsDone / progress.rowCount : 0,
    columnRanges: progress.columnRanges,
  };
}

/** The mean of all files: as many rows and columns as are done on average. */
function countersOfAll({ totals }: QueueView, shardCount: number): MatrixCounters {
  const { rows, columns } = shares(totals);
  return {
    shardCount,
    rows,
    columnRanges: [[0, Math.floor(columns * shardCount + 1e-6)]],
  };
}

function shares({ work, rowWork, columnWork }: QueueView['totals']) {
  const share = (part: number) => (work > 0 ? Math.min(1, Math.max(0, part / work)) : 0);
  return { rows: share(rowWork), columns: share(columnWork) };
}

function textOf(item: QueueItem, formats: Words['formats']): Message {
  const { progress, state, file } = item;
  const isReady = state === 'ready';
  const rowTotal = progress?.rowCount ?? 0;
  const done = progress === undefined ? 0 : progress.bytesDone / Math.max(1, progress.bytesTotal);
  if (progress === undefined) {
    const percent = formats.percent(isReady ? 1 : 0);
    return {
      key: 'matrix.textBatch',
      values: { rows: percent, columns: percent, percent },
    };
  }
  return {
    key: 'matrix.textOne',
    values: {
      name: visibleName(file.name),
      rows: formats.count(progress.rowsDone),
      rowTotal: formats.count(rowTotal),
      columns: formats.count(progress.columnsDone),
      columnTotal: formats.count(progress.columnCount),
      percent: formats.percent(done),
    },
  };
}

function textOfAll(view: QueueView, formats: Words['formats']): Message {
  const { rows, columns } = shares(view.totals);
  return {
    key: 'matrix.textBatch',
    values: {
      rows: formats.percent(rows),
      columns: formats.percent(columns),
      percent: formats.percent(doneShare(view.totals)),
    },
  };
}

function clipped(name: string): string {
  const { head, tail } = splitName(name);
  return head.length > 14 ? `${head.slice(0, 14)}…${tail}` : head + tail;
}
