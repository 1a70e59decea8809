import type { SeenJob } from '../../engine/engine.ts';
import { type Packed, pack, unpack } from '../../engine/pack.ts';

/** What is said in one tab is heard in all others of this browser. */
export interface TabChannel {
  post(message: unknown): void;
  listen(listener: (message: unknown) => void): void;
}

type Message =
  | { readonly kind: 'asks'; readonly jobId: string }
  | { readonly kind: 'wants'; readonly jobId: string }
  | { readonly kind: 'tells'; readonly seen: Packed<SeenJob> };

export interface TabListener {
  /** another tab shows this upload and asks how far it is */
  onAsked(jobId: string): void;
  /** the person wants to go on with this upload in another tab */
  onWanted(jobId: string): void;
  /** how far another tab is */
  onTold(seen: SeenJob): void;
}

/** What the tabs of a browser say to each other about uploads, of which each is sent by one of them. */
export class TabTalk {
  readonly #channel: TabChannel;

  constructor(channel: TabChannel, listener: TabListener) {
    this.#channel = channel;
    channel.listen((data) => {
      const message = data as Message;
      if (message.kind === 'asks') listener.onAsked(message.jobId);
      else if (message.kind === 'wants') listener.onWanted(message.jobId);
      else listener.onTold(unpack(message.seen));
    });
  }

  ask(jobId: string): void {
    this.#say({ kind: 'asks', jobId });
  }

  want(jobId: string): void {
    this.#say({ kind: 'wants', jobId });
  }

  tell(seen: SeenJob): void {
    this.#say({ kind: 'tells', seen: pack(seen) });
  }

  #say(message: Message): void {
    this.#channel.post(message);
  }
}
