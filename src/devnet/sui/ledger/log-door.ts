import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ChainLog, decodeEntry, encodeEntry, type LogEntry } from './log.ts';

const NEWLINE = 10;

/** A log in a file of JSON lines. Every append is on disk before it resolves. */
export async function fileLog(path: string): Promise<ChainLog> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  const whole = await wholeLines(path);
  await file.truncate(whole.length);
  let waiting: string[] = [];
  let last: Promise<void> = Promise.resolve();

  const flush = async () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    await file.appendFile(batch.join(''));
    await file.datasync();
  };

  return {
    read: async () => {
      const text = (await wholeLines(path)).toString('utf8');
      return text.split('\n').filter(Boolean).map(decodeEntry);
    },
    append: (entry: LogEntry) => {
      waiting.push(`${encodeEntry(entry)}\n`);
      last = last.then(flush);
      return last;
    },
    replace: async (entries) => {
      const other = `${path}.tmp`;
      await writeFile(other, entries.map((entry) => `${encodeEntry(entry)}\n`).join(''));
      await rename(other, path);
    },
    close: async () => {
      await last.catch(() => {});
      await file.close();
    },
  };
}

/** A process that was killed may have left half a line. */
async function wholeLines(path: string): Promise<Buffer> {
  const bytes = await readFile(path);
  return bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
}
