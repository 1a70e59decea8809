import { isHauloutError } from '../../src/protocol/errors.ts';
import { addFact } from '../../src/transfer/node-facts.ts';
import { Pace } from '../../src/transfer/pace.ts';
import { putBlob } from '../../src/transfer/put-blob.ts';
import type { Certified, NodeFacts, SliverSource } from '../../src/transfer/put-types.ts';
import type { Client } from './session.ts';

/** A blob that is paid for, and how the chain judges its certificate. */
export interface PaidBlob {
  readonly blobId: string;
  readonly metadata: Uint8Array;
  readonly unencodedBytes: number;
  readonly shardCount: number;
  readonly objectId: string;
  readonly deletable: boolean;
  readonly slivers: SliverSource;
  /** @returns whether the contract took it; false if the epoch has ended */
  certify(certified: Certified): Promise<boolean>;
}

export interface PutStores {
  readonly holdings: NodeFacts;
  readonly done: boolean;
}

/** whether a page tries again what may go better the next time */
export type Tries = 'again' | 'once';

const AGAIN_MS = 2_000;

/** The upload alone, with the least journal that it needs. */
export function putClient(
  paid: readonly PaidBlob[],
  committee: () => ReturnType<Parameters<typeof putBlob>[1]['committee']>,
  onFailed: (nodeId: string, reason: string) => void,
  tries: Tries,
): Client {
  return async ({ clock, random, transport, locks, store }) => {
    const rows = store<PutStores>();
    const doors = { clock, random, transport, pace: new Pace(clock), nodeUrl };
    const putOne = async (blob: PaidBlob) => {
      const { blobId, shardCount } = blob;
      const range = { begin: `${blobId}/`, end: `${blobId}0` };
      const rest = await rows.scan('holdings', range);
      const known = new Map(rest.map(({ key, value }) => [key.slice(blobId.length + 1), value]));
      let written: Promise<unknown> = Promise.resolve();
      const put = {
        ...blob,
        ...{
          known: new Map(known),
          registration: blob.deletable ? { objectId: blob.objectId } : {},
        },
        committee,
        onNode(nodeId: string, state: string, reason = '') {
          if (state === 'failed') onFailed(nodeId, reason);
        },
        onFact(fact: Parameters<typeof addFact>[1]) {
          const value = addFact(known.get(fact.nodeId), fact, shardCount);
          known.set(fact.nodeId, value);
          const write = { store: 'holdings', key: `${blobId}/${fact.nodeId}`, value } as const;
          written = written.then(() => rows.commit([write], 'relaxed')).catch(() => undefined);
        },
      };
      const outcome = await putBlob(doors, put, new AbortController().signal);
      await written;
      if (!(await blob.certify(outcome))) return;
      await rows.commit([{ store: 'done', key: blobId, value: true }], 'strict');
    };
    const work = async (blob: PaidBlob) => {
      while ((await rows.get('done', blob.blobId)) === undefined) {
        try {
          const held = await locks.hold(blob.blobId, () => putOne(blob));
          if (held === 'busy') await clock.sleep(AGAIN_MS);
        } catch (error) {
          if (tries === 'once' || !isHauloutError(error) || !error.retryable) throw error;
          await clock.sleep(AGAIN_MS);
        }
      }
    };
    await Promise.all(paid.map(work));
  };
}

const nodeUrl = (address: string) => `http://${address}`;
