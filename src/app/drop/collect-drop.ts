import type { IncomingFile } from '../../flows/prepare-item.ts';
import { clock } from '../doors.ts';
import { type OpenFolder, type Trouble, walkEntry, walkFolder } from './walk-folder.ts';

const BATCH = 100;
const MOST_HANDLES = 200; // each costs a message to the browser while the drop waits

/** Files on their way in. `batches` can be read once. */
export interface Collected {
  /** files or folders at the top */
  readonly itemCount: number;
  readonly batches: AsyncIterable<readonly IncomingFile[]>;
  /** entries that could not be opened; complete once `batches` has ended */
  readonly trouble: Trouble;
}

interface Root {
  readonly file: File | null;
  readonly entry: FileSystemEntry | null;
  readonly handle: Promise<FileSystemHandle | null> | undefined;
}

/**
 * Reads a drop. The first part runs at once, because the items die with the event: handles where the
 * browser has them (they allow asking for the file again), else entries (folders), else plain files.
 */
export function collectDrop(transfer: DataTransfer): Collected {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const wantsHandles = items.length <= MOST_HANDLES;
  const roots = items.map((item): Root => {
    const entry = item.webkitGetAsEntry?.() ?? null;
    const isFolder = entry?.isDirectory === true;
    return {
      entry,
      file: isFolder ? null : item.getAsFile(),
      handle: wantsHandles || isFolder ? handleOf(item) : undefined,
    };
  });
  const trouble: Trouble = { count: 0 };
  return { itemCount: roots.length, batches: inBatches(walkRoots(roots, trouble)), trouble };
}

/** Files that are already at hand, from a dialog or the clipboard. */
export function collectFiles(files: readonly File[]): Collected {
  const incoming = files.map((file) => ({ file, folder: folderOf(file) }));
  return { itemCount: files.length, batches: inBatches(each(incoming)), trouble: { count: 0 } };
}

/** What a dialog with handles gave. */
export function collectHandles(handles: readonly FileSystemFileHandle[]): Collected {
  const trouble: Trouble = { count: 0 };
  async function* all(): AsyncGenerator<IncomingFile> {
    for (const handle of handles) {
      const file = await handle.getFile().catch(() => undefined);
      if (file === undefined) trouble.count++;
      else yield { file, folder: '', handle };
    }
  }
  return { itemCount: handles.length, batches: inBatches(all()), trouble };
}

function handleOf(item: DataTransferItem): Promise<FileSystemHandle | null> | undefined {
  return item.getAsFileSystemHandle?.().catch(() => null);
}

async function* walkRoots(roots: readonly Root[], trouble: Trouble): AsyncGenerator<IncomingFile> {
  for (const { file, entry, handle } of roots) {
    const opened = handle === undefined ? null : await handle;
    if (file !== null) {
      yield opened?.kind === 'file'
        ? { file, folder: '', handle: opened as FileSystemFileHandle }
        : { file, folder: '' };
    } else if (entry?.isDirectory) {
      const open: OpenFolder | undefined =
        opened?.kind === 'directory' ? async () => opened as FileSystemDirectoryHandle : undefined;
      yield* walkFolder(entry as FileSystemDirectoryEntry, entry.name, trouble, open);
    } else if (entry !== null) {
      yield* walkEntry(entry, '', trouble);
    } else {
      trouble.count++;
    }
  }
}

async function* each(files: readonly IncomingFile[]): AsyncGenerator<IncomingFile> {
  yield* files;
}

/** Groups, so that a thousand files do not make a thousand updates; the first group is small. */
async function* inBatches(
  files: AsyncIterable<IncomingFile>,
): AsyncGenerator<readonly IncomingFile[]> {
  let batch: IncomingFile[] = [];
  let limit = BATCH / 4;
  for await (const file of files) {
    batch.push(file);
    if (batch.length < limit) continue;
    yield batch;
    batch = [];
    limit = BATCH;
    await clock.sleep(0); // files at hand come without any wait; the page needs its turn too
  }
  if (batch.length > 0) yield batch;
}

/** The folder of a file from a folder dialog: its path without the name. */
function folderOf(file: File): string {
  return file.webkitRelativePath.split('/').slice(0, -1).join('/');
}
