import type { Write } from '../../../src/protocol/ports.ts';
import type { IntentFact, JournalStores } from '../../../src/store/journal-facts.ts';
import { MemoryStore } from '../../../src/store/memory-store.ts';

/** A journal before whose facts of one kind something happens. */
export class HookedStore extends MemoryStore<JournalStores> {
  /** runs before such a fact is written down; undefined for nothing more */
  hook: (() => Promise<unknown>) | undefined;
  readonly #kind: IntentFact['kind'];

  constructor(kind: IntentFact['kind'], hook?: () => Promise<unknown>) {
    super();
    this.#kind = kind;
    this.hook = hook;
  }

  override async commit(writes: readonly Write<JournalStores>[]): Promise<void> {
    const isSuch = writes.some(({ store, value }) => {
      return store === 'facts' && (value as IntentFact | undefined)?.kind === this.#kind;
    });
    if (isSuch) await this.hook?.();
    await super.commit(writes);
  }
}
