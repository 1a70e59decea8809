import type { ExecutedTransaction } from './ledger.ts';

type Listener = (executed: ExecutedTransaction) => void;

/** Who wants to know of commits and checkpoints. */
export class CommitSignal {
  private readonly listeners = new Set<Listener>();
  private readonly waiting = new Set<() => void>();

  /** Calls `listener` after every commit, at once. @returns a function that ends it */
  onCommit(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Resolves with the next checkpoint, or when `signal` fires. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.waiting.add(done);
      signal.addEventListener('abort', done);
    });
  }

  /** There is a new checkpoint. */
  wake(): void {
    for (const done of [...this.waiting]) done();
  }

  /** A listener that throws does not keep the others from hearing; the commit stands in any case. */
  tell(executed: ExecutedTransaction): void {
    const errors: unknown[] = [];
    for (const listener of [...this.listeners]) {
      try {
        listener(executed);
      } catch (error) {
        errors.push(error);
      }
    }
    this.wake();
    if (errors.length > 0) throw errors[0];
  }
}
