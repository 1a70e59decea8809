import type { Engine } from '../../engine/engine.ts';
import type { BlobHead, ReadKind, ReadQuestions } from '../../engine/read-questions.ts';
import { ChangeNotice } from '../../flows/change-notice.ts';
import { contentType, SNIFF_BYTES } from '../../flows/read/content-type.ts';
import { endsMs } from '../../flows/store/periods.ts';
import { NOTHING_SEEN, seeParts } from '../../presentation/verification-map.ts';
import { parseBlobId } from '../../protocol/blob-id.ts';
import { HauloutError, isHauloutError } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { RowNews } from '../../transfer/read/read-types.ts';
import type { BlobState, Shown, Task } from './blob-state.ts';
import type { Gateway } from './gateway.ts';
import { shownAs } from './shown-as.ts';

/** Larger blobs are not held by a page as a whole. */
const MOST_IN_MEMORY = 256e6;
/** Up to this a page that no worker answers for yet does not wait for it. */
const SOON_READ = 4e6;
/** So much of a text is shown. */
const TEXT_BYTES = 200_000;
const SAMPLES = 20;

export interface BlobWish {
  readonly kind: 'blob' | 'object';
  readonly id: string;
  /** whether all of it is checked before anything is shown */
  readonly isStrict: boolean;
}

export interface BlobDeskPorts {
  readonly clock: Clock;
  engine(): Promise<Engine>;
  /** the one that answers already */
  gatewayNow(): Gateway | undefined;
  /** settles once it is known whether there is one */
  gateway(): Promise<Gateway | undefined>;
  makeUrl(blob: Blob): string;
  dropUrl(url: string): void;
}

/** Looks up one blob, shows it and checks it. */
export class BlobDesk {
  readonly #ports: BlobDeskPorts;
  readonly #wish: BlobWish;
  readonly #notice: ChangeNotice;
  #end = new AbortController();
  #urls: string[] = [];
  #gateway: Gateway | undefined;
  #state: BlobState = {
    ...{ blobId: undefined, stage: { kind: 'looking' }, seen: NOTHING_SEEN },
    ...{ object: undefined, life: undefined },
    ...{ strict: { kind: 'none' }, audit: { kind: 'none' }, save: { kind: 'none' } },
  };

  constructor(ports: BlobDeskPorts, wish: BlobWish) {
    this.#ports = ports;
    this.#wish = wish;
    this.#notice = new ChangeNotice(ports.clock);
  }

  subscribe = (listener: () => void): (() => void) => this.#notice.subscribe('', listener);

  state = (): BlobState => this.#state;

  /** Looks it up, or does so again. @returns ends all that is under way */
  open = (): (() => void) => {
    const end = new AbortController();
    this.#end = end;
    this.#set({ stage: { kind: 'looking' } });
    this.#lookUp(end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) this.#set({ stage: { kind: 'failed', error } });
    });
    return () => {
      end.abort();
      for (const url of this.#urls) this.#ports.dropUrl(url);
      this.#urls = [];
    };
  };

  /** An element could not show what it was given: perhaps the worker was stopped. The page reads it itself. */
  async elementFailed(): Promise<void> {
    const { stage } = this.#state;
    if (stage.kind !== 'shown' || stage.shown.url === undefined) return;
    const { head, way } = stage.shown;
    const { url: _, ...plain } = stage.shown;
    this.#set({ stage: { kind: 'shown', shown: plain } });
    if (way === 'memory' || head.bytes > MOST_IN_MEMORY) return;
    const { signal } = this.#end;
    try {
      await this.#showWhole(await this.#whole(false, signal), signal);
    } catch (error) {
      if (!signal.aborted) this.#set({ stage: { kind: 'failed', error } });
    }
  }

  /** Encodes the whole blob again. */
  checkFully(): Promise<void> {
    return this.#do('strict', 0, (signal, onShare) => this.#whole(true, signal, onShare));
  }

  askShares(): Promise<void> {
    return this.#do('audit', undefined, (signal) =>
      this.#read('audit', { blobId: this.#blobId, samples: SAMPLES }, signal),
    );
  }

  /** Writes the blob into a file. */
  saveTo(to: FileSystemFileHandle): Promise<void> {
    return this.#do('save', 0, async (signal, onShare) => {
      const ask = { blobId: this.#blobId, isStrict: false, to };
      await this.#read('save', ask, signal, onShare);
      return to.name;
    });
  }

  /** Where the browser finds it, to be saved under a name; undefined while the page would have to read it. */
  downloadUrl(name: string): string | undefined {
    const { stage } = this.#state;
    if (stage.kind !== 'shown') return undefined;
    const { way, url } = stage.shown;
    return way === 'gateway' ? this.#gateway?.url(this.#blobId, name) : url;
  }

  get #blobId(): string {
    return this.#state.blobId ?? this.#wish.id;
  }

  async #lookUp(signal: AbortSignal): Promise<void> {
    const blobId = await this.#findId(signal);
    if (blobId === undefined) return;
    this.#set({ blobId });
    void this.#learnLife(signal);
    if (this.#wish.isStrict) {
      await this.checkFully();
      const { strict } = this.#state;
      if (strict.kind === 'done') return this.#showWhole(strict.value, signal);
      if (strict.kind === 'failed') return this.#notShown(strict.error, signal);
      return;
    }
    await this.#show(signal).catch((error) => this.#notShown(error, signal));
  }

  async #findId(signal: AbortSignal): Promise<string | undefined> {
    const { kind, id } = this.#wish;
    if (kind === 'blob') {
      parseBlobId(id);
      return id;
    }
    const object = await this.#read('object', { objectId: id }, signal);
    if (object !== undefined) {
      this.#set({ object });
      return object.blobId;
    }
    this.#set({ stage: { kind: 'missing', atMs: this.#ports.clock.wall() } });
    return undefined;
  }

  async #show(signal: AbortSignal): Promise<void> {
    const gateway = this.#ports.gatewayNow();
    // What the worker cannot answer, the page's own engine has words for.
    const told = gateway && (await this.#headBy(gateway));
    if (gateway !== undefined && told !== undefined) return this.#showBy(gateway, told, signal);
    const head = await this.#read('head', { blobId: this.#blobId }, signal);
    this.#checkStatus(head);
    const awaited =
      gateway === undefined && head.bytes > SOON_READ ? await this.#ports.gateway() : undefined;
    if (awaited !== undefined) return this.#showBy(awaited, head, signal);
    if (head.bytes > MOST_IN_MEMORY) {
      return this.#set({ stage: { kind: 'shown', shown: { head, way: 'memory' } } });
    }
    await this.#showWhole(await this.#whole(false, signal), signal);
  }

  async #headBy(gateway: Gateway): Promise<BlobHead | undefined> {
    const head = await gateway.head(this.#blobId).catch(() => undefined);
    if (head !== undefined) this.#checkStatus(head);
    return head;
  }

  /** @throws HauloutError 'blob-unknown', 'blob-blocked' */
  #checkStatus({ status }: BlobHead): void {
    const blobId = this.#blobId;
    if (status === 404) throw new HauloutError('blob-unknown', { blobId });
    if (status === 451) throw new HauloutError('blob-blocked', { blobId });
  }

  /** Elements fetch what they need, and the worker tells what it gave them. */
  async #showBy(gateway: Gateway, head: BlobHead, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.#gateway = gateway;
    const blobId = this.#blobId;
    const unfollow = gateway.follow(blobId, (rows) => this.#see(rows));
    signal.addEventListener('abort', unfollow, { once: true });
    const shown: Shown = { head, way: 'gateway' };
    const kind = shownAs(head.type);
    if (kind === 'text') {
      const text = await textOf(await gateway.first(blobId, TEXT_BYTES), head.bytes);
      return this.#set({ stage: { kind: 'shown', shown: { ...shown, text } } });
    }
    const url = kind === 'card' ? {} : { url: gateway.url(blobId) };
    this.#set({ stage: { kind: 'shown', shown: { ...shown, ...url } } });
  }

  async #showWhole(blob: Blob, signal: AbortSignal): Promise<void> {
    const first = new Uint8Array(await blob.slice(0, SNIFF_BYTES).arrayBuffer());
    const type = contentType(first);
    const head = { status: 200, bytes: blob.size, type };
    const kind = shownAs(type);
    const text =
      kind === 'text' ? { text: await textOf(blob.slice(0, TEXT_BYTES), blob.size) } : {};
    if (signal.aborted) return;
    const url = this.#ports.makeUrl(blob.slice(0, blob.size, type));
    this.#urls.push(url);
    this.#set({ stage: { kind: 'shown', shown: { head, way: 'memory', url, ...text } } });
  }

  async #notShown(error: unknown, signal: AbortSignal): Promise<void> {
    if (!isHauloutError(error, 'blob-unknown')) throw error;
    const status = await this.#read('status', { blobId: this.#blobId }, signal);
    this.#set({ stage: { kind: 'missing', status, atMs: this.#ports.clock.wall() } });
  }

  /** Until when it is stored. Nothing waits for it, and it may stay unknown. */
  async #learnLife(signal: AbortSignal): Promise<void> {
    const { object, blobId } = this.#state;
    if (object !== undefined || blobId === undefined) return;
    const own = await this.#read('own', { blobId }, signal).catch(() => undefined);
    if (own !== undefined) return this.#set({ object: own });
    try {
      const status = await this.#read('status', { blobId }, signal);
      const { kind } = status.status;
      const network = kind === 'permanent' && (await (await this.#ports.engine()).network(signal));
      const ends =
        network && status.status.kind === 'permanent'
          ? { endsMs: endsMs(network, status.status.endEpoch) }
          : {};
      this.#set({ life: { ...status, ...ends } });
    } catch {
      // what is not known is not said
    }
  }

  #whole(isStrict: boolean, signal: AbortSignal, onShare?: (share: number) => void): Promise<Blob> {
    return this.#read('whole', { blobId: this.#blobId, isStrict }, signal, onShare);
  }

  async #read<K extends ReadKind>(
    kind: K,
    ask: ReadQuestions[K]['ask'],
    signal: AbortSignal,
    onShare?: (share: number) => void,
  ): Promise<ReadQuestions[K]['answer']> {
    const engine = await this.#ports.engine();
    let count = 0;
    const onRows = (rows: readonly RowNews[]) => {
      count += rows.length;
      onShare?.(count / (rows[0]?.rowCount ?? 1));
      this.#see(rows);
    };
    return engine.read(kind, ask, { signal, onRows });
  }

  async #do<N extends 'strict' | 'audit' | 'save', T, P>(
    name: N,
    progress: P,
    work: (signal: AbortSignal, onShare: (share: number) => void) => Promise<T>,
  ): Promise<void> {
    const { signal } = this.#end;
    const set = (task: Task<T, P | number>) => this.#set({ [name]: task });
    set({ kind: 'working', progress });
    try {
      const value = await work(signal, (share) => set({ kind: 'working', progress: share }));
      set({ kind: 'done', value, atMs: this.#ports.clock.wall() });
    } catch (error) {
      set(signal.aborted ? { kind: 'none' } : { kind: 'failed', error });
    }
  }

  #see(rows: readonly RowNews[]): void {
    this.#set({ seen: seeParts(this.#state.seen, rows) }, 'soon');
  }

  #set(change: Partial<BlobState>, when: 'now' | 'soon' = 'now'): void {
    this.#state = { ...this.#state, ...change };
    this.#notice[when]('');
  }
}

async function textOf(begin: Blob, bytes: number): Promise<NonNullable<Shown['text']>> {
  return { begin: await begin.text(), isWhole: begin.size >= bytes };
}
