import type { QueueItem } from '../../flows/prepare-item.ts';
import type { PrepareQueue } from '../../flows/prepare-queue.ts';
import { csvText } from '../../presentation/csv.ts';
import { saveFile } from '../doors.ts';

const HEAD = ['name', 'folder', 'bytes', 'blobId', 'encodedBytes', 'shardCount'];

/** One line per prepared file: the ID alone for one file, else ID and name without what would break lines. */
export function idLines(queue: PrepareQueue): string {
  const ready = readyItems(queue);
  return ready
    .map(({ file, prepared }) =>
      ready.length === 1
        ? prepared.blobId
        : `${prepared.blobId}\t${file.name.replaceAll(/[\t\r\n]/g, ' ')}`,
    )
    .join('\n');
}

/** A table of prepared files as CSV text (RFC 4180). */
export function idTable(queue: PrepareQueue): string {
  const rows = readyItems(queue).map(({ file, folder, prepared }) => [
    file.name,
    folder,
    String(file.size),
    prepared.blobId,
    String(prepared.encodedBytes),
    String(prepared.shardCount),
  ]);
  return csvText([HEAD, ...rows]);
}

/** Offers the table as a download. */
export function saveTable(queue: PrepareQueue): void {
  saveFile('blob-ids.csv', 'text/csv', idTable(queue));
}

function readyItems(queue: PrepareQueue) {
  return queue
    .view()
    .order.map((id) => queue.item(id))
    .filter((item): item is QueueItem & { prepared: object } => item?.prepared !== undefined)
    .map(({ file, folder, prepared }) => ({ file, folder, prepared }));
}
