import type { Haulout } from '../flows/store/haulout.ts';
import { checkReceipt } from '../flows/store/verify-receipt.ts';
import { HauloutError, isHauloutError } from '../protocol/errors.ts';
import type { BlobSource } from '../transfer/read/blob-source.ts';
import type { RowNews } from '../transfer/read/read-types.ts';
import type { ReadKind, ReadQuestions } from './read-questions.ts';

/** With what a question is answered. */
export interface ReadContext {
  readonly client: Haulout;
  /** asked before the nodes */
  readonly sources: readonly BlobSource[];
  readonly signal: AbortSignal;
  onRow(news: RowNews): void;
}

type Answers = {
  readonly [K in ReadKind]: (
    ask: ReadQuestions[K]['ask'],
    context: ReadContext,
  ) => Promise<ReadQuestions[K]['answer']>;
};

const ANSWERS: Answers = {
  status: ({ blobId }, { client, signal }) => client.blobStatus(blobId, signal),
  async head({ blobId }, { client, sources, signal }) {
    const { status, headers } = await client.walrusFetch(blobId, {
      ...{ method: 'HEAD', sources, signal },
    });
    const bytes = Number(headers.get('content-length') ?? 0);
    return { status, bytes, type: headers.get('content-type') ?? '' };
  },
  whole: async (ask, context) => (await read(ask, context)).blob(),
  range: ({ blobId, begin, end }, { client, sources, signal, onRow }) =>
    client.readRange(blobId, begin, end, { sources, signal, onRow }),
  async save({ to, ...ask }, context) {
    const unwritable = (error: unknown) => {
      if (isHauloutError(error) || context.signal.aborted) throw error;
      throw new HauloutError('file-unwritable', { reason: String(error) }, { cause: error });
    };
    const file = await to.createWritable().catch(unwritable);
    const { stream } = await read(ask, context).catch(async (error: unknown) => {
      await file.abort().catch(() => undefined);
      throw error;
    });
    await stream.pipeTo(file, { signal: context.signal }).catch(unwritable);
    return undefined;
  },
  audit: ({ blobId, samples }, { client, signal }) => client.audit(blobId, { samples, signal }),
  object: ({ objectId }, { client, signal }) => client.findBlob(objectId, signal),
  own: ({ blobId }, { client, signal }) => client.ownBlob(blobId, signal),
  receipt: async ({ json }) => checkReceipt(json),
  receiptOnChain: ({ json }, { client, signal }) => client.verifyReceipt(json, signal),
};

/** @throws HauloutError of the method that answers */
export function answerRead<K extends ReadKind>(
  kind: K,
  ask: ReadQuestions[K]['ask'],
  context: ReadContext,
): Promise<ReadQuestions[K]['answer']> {
  return ANSWERS[kind](ask, context);
}

function read(
  { blobId, isStrict }: ReadQuestions['whole']['ask'],
  { client, sources, signal, onRow }: ReadContext,
) {
  const consistency = isStrict ? 'strict' : 'default';
  return client.readBlob(blobId, { consistency, sources, signal, onRow });
}
