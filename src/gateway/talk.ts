import type { FromGateway } from '../flows/read/gateway-talk.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { RowNews } from '../transfer/read/read-types.ts';

/** Blobs of which all rows are remembered; the one that was read first is forgotten first. */
const KNOWN_BLOBS = 50;

/** Tells pages what was handed out, and remembers it for those that come later. */
export class Talk {
  readonly #say: (message: FromGateway) => void;
  readonly #known = new Map<string, Map<number, RowNews>>();

  constructor(say: (message: FromGateway) => void) {
    this.#say = say;
  }

  row(blobId: string, news: RowNews): void {
    const rows = this.#known.get(blobId) ?? new Map<number, RowNews>();
    this.#known.set(blobId, rows.set(news.index, news));
    const [oldest = ''] = this.#known.keys();
    if (this.#known.size > KNOWN_BLOBS) this.#known.delete(oldest);
    this.#say({ kind: 'rows', blobId, rows: [news] });
  }

  failed(blobId: string, code: ErrorCode): void {
    this.#say({ kind: 'failed', blobId, code });
  }

  tell(blobId: string): void {
    this.#say({ kind: 'rows', blobId, rows: [...(this.#known.get(blobId)?.values() ?? [])] });
  }
}
