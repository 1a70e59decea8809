import type { Clock } from '../../protocol/ports.ts';

/** Requests that wait for the registration of a blob. */
export class RegistrationWaiters {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #waiting = new Map<string, Set<AbortController>>();
  #count = 0;

  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** Settles when the blob is registered or the time is over; at once if too many wait already. */
  async wait(blobId: string, ms: number): Promise<void> {
    if (this.#count >= this.#limit || ms <= 0) return;
    const controller = new AbortController();
    const group = this.#waiting.get(blobId) ?? new Set();
    this.#waiting.set(blobId, group.add(controller));
    this.#count += 1;
    try {
      await this.#clock.sleep(ms, controller.signal);
    } catch {
      // woken
    } finally {
      this.#count -= 1;
      group.delete(controller);
      if (group.size === 0) this.#waiting.delete(blobId);
    }
  }

  wake(blobId: string): void {
    for (const controller of this.#waiting.get(blobId) ?? []) controller.abort();
  }
}
