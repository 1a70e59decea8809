import { HauloutError } from '../protocol/errors.ts';
import type { WalletAccount, WalletPort } from '../protocol/ports.ts';
import type { EnginePage } from './engine-api.ts';

/** The wallet that is connected to the page, as seen from another thread. */
export class PageWallet implements WalletPort {
  readonly #page: Pick<EnginePage, 'sign' | 'leave'>;
  readonly #listeners = new Set<() => void>();
  #account: WalletAccount | undefined;
  #asked = 0;

  constructor(page: Pick<EnginePage, 'sign' | 'leave'>) {
    this.#page = page;
  }

  connect(account: WalletAccount | undefined): void {
    this.#account = account;
    for (const listener of [...this.#listeners]) listener();
  }

  ifConnected(): WalletPort | undefined {
    return this.#account ? this : undefined;
  }

  account(): WalletAccount | undefined {
    return this.#account;
  }

  async sign(bytes: Uint8Array, signal: AbortSignal) {
    if (signal.aborted) throw new HauloutError('aborted', {});
    const callId = this.#asked++;
    const leave = () => this.#page.leave(callId);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await this.#page.sign(callId, bytes);
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
