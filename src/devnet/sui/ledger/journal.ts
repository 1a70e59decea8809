import { Code, RpcStatus } from '../status.ts';
import type { ChainLog, LogEntry } from './log.ts';

/** Writes entries to a log in order, and tells when all so far are safe. */
export class Journal {
  /** true while the log itself is being read: nothing is written then */
  replaying = false;
  private readonly log: ChainLog;
  private last: Promise<void> = Promise.resolve();

  constructor(log: ChainLog) {
    this.log = log;
  }

  /** Resolves when all entries so far are safe. @throws RpcStatus INTERNAL when one cannot be written, for good */
  get saved(): Promise<void> {
    return this.last;
  }

  write(entry: LogEntry): void {
    if (this.replaying) return;
    const written = this.append(entry);
    this.last = Promise.all([this.last, written]).then(() => {});
    // Whoever waits for the commit is told; nobody else needs to hear of it.
    this.last.catch(() => {});
  }

  async close(): Promise<void> {
    await this.last.catch(() => {});
    await this.log.close();
  }

  private async append(entry: LogEntry): Promise<void> {
    try {
      await this.log.append(entry);
    } catch (cause) {
      throw new RpcStatus(Code.internal, 'the log of the chain cannot be written', { cause });
    }
  }
}
