import type { QueueItem } from '../../flows/prepare-item.ts';
import type { PrepareQueue } from '../../flows/prepare-queue.ts';

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
  return `${[HEAD, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Offers the table as a download. */
export function saveTable(queue: PrepareQueue): void {
  const url = URL.createObjectURL(new Blob([idTable(queue)], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'blob-ids.csv';
  link.click();
  URL.revokeObjectURL(url);
}

function readyItems(queue: PrepareQueue) {
  return queue
    .view()
    .order.map((id) => queue.item(id))
    .filter((item): item is QueueItem & { prepared: object } => item?.prepared !== undefined)
    .map(({ file, folder, prepared }) => ({ file, folder, prepared }));
}

/** Quotes a cell; a leading sign is defused, because spreadsheets would run it as a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[A-Za-z0-9_-]{43}$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
