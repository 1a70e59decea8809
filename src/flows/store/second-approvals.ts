import { HauloutError } from '../../protocol/errors.ts';

/** Approvals of one job after the payment: they wait until they are wanted, and for one another. */
export class SecondApprovals {
  readonly #waiting = new Set<() => void>();
  /** the wallet's latest prompt */
  #turn: Promise<void> = Promise.resolve();

  /** @returns whether any has waited for this */
  goOn(): boolean {
    const isAwaited = this.#waiting.size > 0;
    for (const goOn of this.#waiting) goOn();
    return isAwaited;
  }

  /** Waits for `goOn`. @throws HauloutError 'aborted' */
  wanted(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(goOn);
        signal.removeEventListener('abort', abort);
      };
      const abort = () => {
        leave();
        reject(new HauloutError('aborted', {}));
      };
      const goOn = () => {
        leave();
        resolve();
      };
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.add(goOn);
    });
  }

  /** Asks once the one before is over: two at a time would take the same coins. */
  async inTurn(ask: () => Promise<void>): Promise<void> {
    const turn = this.#turn.catch(() => undefined).then(ask);
    this.#turn = turn;
    await turn;
  }
}
