import { inThreadCodec } from '../../src/devnet/codec.ts';
import { MemoryDisk } from '../../src/devnet/disk/memory-disk.ts';
import type { FaultRuleInput } from '../../src/devnet/faults/rules.ts';
import { LocalNetwork } from '../../src/devnet/network.ts';
import { seededRandom } from '../../src/devnet/seeded-random.ts';
import { type LogEntry, memoryLog } from '../../src/devnet/sui/ledger/log.ts';
import { InThreadVerifier } from '../../src/devnet/verify/in-thread.ts';
import { encodeBlob, encodeInto } from '../../src/encoding/encode-blob.ts';
import type { StoreEncoder } from '../../src/flows/store/make-pieces.ts';
import { limitedTransport } from '../../src/network/limited-transport.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import type { Clock, Random, Transport } from '../../src/protocol/ports.ts';
import type { BlobVerifier } from '../../src/transfer/read/read-types.ts';
import { asRequest } from '../support/as-request.ts';
import { encodeDoors, kernel, kernelVerifier } from '../support/kernel-verifier.ts';
import type { SimBlob, SimConfig } from './config.ts';
import { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';
import type { Exchange, Session } from './session.ts';
import { Violation } from './violation.ts';

/** The same network keys in every run: their signatures are remembered, see `memo-bls.ts`. */
export const NETWORK_SEED = 'simulation';
const encodings = new Map<string, Promise<EncodedBlob>>();

/** The kernel's work, remembered: the answer of a pure function. */
export function encodeOnce(source: Uint8Array, shardCount: number): Promise<EncodedBlob> {
  const key = `${shardCount}/${source.length}/${source.slice(0, 4)}`;
  const known = encodings.get(key);
  if (known !== undefined) return known;
  const made = encodeBlob(encodeDoors, source, { shardCount });
  encodings.set(key, made);
  return made;
}

export const sourceOf = ({ bytes, salt }: SimBlob) =>
  Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + salt * 13 + 1 + (i >> 8)) & 255);

/** The encoder of every page. */
export const encoder: StoreEncoder = {
  computeBlobId: async (source, { shardCount }) => encodeOnce(await bytesOf(source), shardCount),
  encodeBlob: async (source, { shardCount }) => encodeOnce(await bytesOf(source), shardCount),
  encodeInto: (source, options, makeTaker) => encodeInto(encodeDoors, source, options, makeTaker),
};

/** What checks and rebuilds what pages read. */
export const verifier: BlobVerifier = {
  ...kernelVerifier,
  computeBlobId: encoder.computeBlobId,
};

async function bytesOf(source: Blob | Uint8Array): Promise<Uint8Array> {
  return source instanceof Uint8Array ? source : new Uint8Array(await source.arrayBuffer());
}

/** What the way between a page and a host does to exchanges. */
export interface Link {
  /** milliseconds in each direction, drawn up to it */
  slowestMs: number;
  /** of 1,000 exchanges */
  lostRequests: number;
  lostAnswers: number;
  /** answers that never end, as a liar's may */
  endless: number;
  /** until then whatever is asked is done, and no answer comes back */
  muteUntilMs: number;
  /** falls mute for so long when it is sent a transaction, after so many others */
  muteFor?: { others: number; readonly ms: number } | undefined;
}

export const PERFECT: Link = {
  ...{ slowestMs: 30, lostRequests: 0, lostAnswers: 0, endless: 0 },
  ...{ muteUntilMs: 0, muteFor: undefined },
};

/** What a network leaves behind when it stops: whoever opens one on it goes on from there. */
export interface Machine {
  /** the log of the chain */
  readonly entries: readonly LogEntry[];
  readonly disk: MemoryDisk;
}

/** The outside: nodes, chain and relay of the local network, links, and virtual time for all of it. */
export class World {
  readonly config: SimConfig;
  readonly scheduler: Scheduler;
  readonly network: LocalNetwork;
  readonly clock: Clock;
  readonly disk: MemoryDisk;
  readonly #log: ReturnType<typeof memoryLog>;
  readonly links = new Map<string, Link>();
  /** how often each thing happened that a run should show */
  readonly counts = new Map<string, number>();
  /** what nodes do wrong now */
  readonly rules = new Map<number, readonly FaultRuleInput[]>();
  /** nodes that keep their rules when trouble ends */
  readonly neverHeals = new Set<number>();
  /** moments of trouble so far, those that were left out too */
  moments = 0;
  /** set before the first event */
  session!: Session;
  /** pages that were ever open: the requests of a dead one may still be under way */
  pagesSoFar = 0;
  /** requests of pages that are under way, by host */
  readonly inFlight = new Map<string, number>();

  private constructor(
    config: SimConfig,
    scheduler: Scheduler,
    clock: Clock,
    network: LocalNetwork,
    disk: MemoryDisk,
    log: ReturnType<typeof memoryLog>,
  ) {
    this.config = config;
    this.scheduler = scheduler;
    this.clock = clock;
    this.network = network;
    this.disk = disk;
    this.#log = log;
  }

  async machine(): Promise<Machine> {
    return { entries: await this.#log.read(), disk: this.disk.copy() };
  }

  /** @param machine what an earlier network left, which stays as it is */
  static async open(config: SimConfig, scheduler: Scheduler, machine?: Machine): Promise<World> {
    const clock = new Life('world', scheduler).clock(() => 0);
    const log = memoryLog(machine?.entries);
    const disk = machine?.disk.copy() ?? new MemoryDisk();
    const opening = LocalNetwork.open(
      {
        weights: config.weights,
        seed: NETWORK_SEED,
        chainDelayMs: [0, 500],
        heal: { deferMs: 1_000, retryMs: 2_000 },
        tip: 'const:1000',
      },
      {
        ...{ clock, disk, openLog: async () => log },
        verifier: new InThreadVerifier(kernel),
        codec: inThreadCodec(kernel, clock),
      },
    );
    const network = await finish(scheduler, opening);
    return new World(config, scheduler, clock, network, disk, log);
  }

  random(name: string): Random {
    return seededRandom(this.config.seed, name);
  }

  count(what: string, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by);
  }

  encoded(blob: SimBlob): Promise<EncodedBlob> {
    const { weights } = this.config;
    const shardCount = weights.reduce((sum, weight) => sum + weight, 0);
    return encodeOnce(sourceOf(blob), shardCount);
  }

  link(host: string): Link {
    const known = this.links.get(host) ?? { ...PERFECT };
    this.links.set(host, known);
    return known;
  }

  /** The way from a life to everything that speaks HTTP. */
  transport(life: Life, clock: Clock): Transport {
    const exchange = this.exchange(life);
    return limitedTransport((asked, ...rest) => exchange(asRequest(asked), ...rest), clock);
  }

  exchange(life: Life): Exchange {
    const random = this.random(`links of ${life.name}`);
    const lies = this.random(`lies to ${life.name}`);
    return (request, signal, onSent) => {
      const { host, pathname } = new URL(request.url);
      const link = this.link(host);
      const late = () => 1 + random.below(link.slowestMs);
      const [isLost, isUnheard, isSilent] = [1_000, 1_000, 2].map((limit) => random.below(limit));
      const [up, down] = [late(), late()];
      const what = `${request.method} ${host}${pathname}`;
      this.guard(() => this.onRequest(host, request));
      const ended = this.#begin(host);
      return new Promise<Response>((resolve, reject) => {
        const abort = () => {
          ended(); // whoever is asked may go on for ever, but nobody waits for it any more
          reject(signal.reason);
        };
        signal.addEventListener('abort', abort, { once: true });
        const fail = (why: string) => {
          if (isSilent === 1 && why !== 'broken') return; // nobody ever says so
          life.at(down, `${why} ${what}`, () => reject(new TypeError('fetch failed')));
        };
        this.scheduler.at(up, host, `asked ${what}`, () => {
          if ((isLost ?? 0) < link.lostRequests) {
            this.count('lost-requests');
            ended();
            fail('lost');
            return;
          }
          if (pathname.endsWith('/ExecuteTransaction')) this.#fallMute(link);
          this.#handle(host, request)
            .finally(ended)
            .then(
              (answer) => {
                const isEndless = lies.below(1_000) < link.endless;
                const response = isEndless ? endlessAnswer(this) : answer;
                this.onAnswer(host, request, answer);
                const isMute = this.scheduler.nowMs < link.muteUntilMs;
                if (isMute || (isUnheard ?? 0) < link.lostAnswers) {
                  this.count('lost-answers');
                  fail('unheard');
                  return;
                }
                life.at(down, `answer ${response.status} ${what}`, () => {
                  onSent?.(Number(request.headers.get('content-length') ?? 0));
                  resolve(response);
                });
              },
              () => fail('broken'),
            );
        });
      });
    };
  }

  /** a broken promise that was seen where the client would hear of it; ends the run */
  violation: unknown;

  guard(check: () => void): void {
    try {
      check();
    } catch (broken) {
      this.violation ??= broken;
    }
  }

  /** looks at each request of a page as it is sent; it may arrive much later. @throws Violation */
  onRequest: (host: string, request: Request) => void = () => undefined;

  /** looks at each exchange of a page that nodes and services have answered */
  onAnswer: (host: string, request: Request, response: Response) => void = () => undefined;

  /** Counts a request. @returns what ends it, however often it is called */
  #begin(host: string): () => void {
    const add = (by: number) => this.inFlight.set(host, (this.inFlight.get(host) ?? 0) + by);
    add(1);
    let isOver = false;
    return () => {
      if (!isOver) add(-1);
      isOver = true;
    };
  }

  #fallMute(link: Link): void {
    if (link.muteFor === undefined || link.muteFor.others-- > 0) return;
    this.count('full-node-mute');
    link.muteUntilMs = this.scheduler.nowMs + link.muteFor.ms;
    link.muteFor = undefined;
  }

  #handle(host: string, request: Request): Promise<Response> {
    const { services } = this.network;
    if (host === 'relay.test') return services.relay.handle(request);
    if (host === 'rpc.test') return services.rpc.handle(request);
    return this.network.toNode(request);
  }
}

/** A client that reads on beyond so much has no limit. */
const TOO_LONG = 32 << 20;

function endlessAnswer(world: World): Response {
  world.count('endless-answers');
  let sent = 0;
  return new Response(
    new ReadableStream({
      pull(controller) {
        sent += 1 << 16;
        controller.enqueue(new Uint8Array(1 << 16));
        if (sent < TOO_LONG) return;
        world.guard(() => {
          throw new Violation('I5', `${sent} bytes of an answer without an end were read`);
        });
        controller.close();
      },
    }),
  );
}

/** Runs events until `work` has settled. */
export async function finish<T>(scheduler: Scheduler, work: Promise<T>): Promise<T> {
  let settled = false;
  const done = () => {
    settled = true;
  };
  work.then(done, done);
  // Work that stands at no door needs turns and no events.
  for (let idle = 0; !settled && idle < 10_000; idle++) {
    if (!(await scheduler.step())) await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}

/** Blobs that differ; an empty one has no salt. */
export function uniqueBlobs(blobs: readonly SimBlob[]): readonly SimBlob[] {
  const keys = blobs.map(({ bytes, salt }) => `${bytes}/${bytes === 0 ? 0 : salt}`);
  return blobs.filter((_, i) => keys.indexOf(keys[i] as string) === i);
}
