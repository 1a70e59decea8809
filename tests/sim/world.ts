import { inThreadCodec } from '../../src/devnet/codec.ts';
import { MemoryDisk } from '../../src/devnet/disk/memory-disk.ts';
import type { FaultRuleInput } from '../../src/devnet/faults/rules.ts';
import { LocalNetwork } from '../../src/devnet/network.ts';
import { seededRandom } from '../../src/devnet/seeded-random.ts';
import { memoryLog } from '../../src/devnet/sui/ledger/log.ts';
import { InThreadVerifier } from '../../src/devnet/verify/in-thread.ts';
import { loadKernel } from '../../src/kernel/load.ts';
import { limitedTransport } from '../../src/network/limited-transport.ts';
import type { EncodedBlob } from '../../src/protocol/blob-summary.ts';
import type { Clock, Random, Transport } from '../../src/protocol/ports.ts';
import type { SimBlob, SimConfig } from './config.ts';
import { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

const kernel = await loadKernel();
/** The same network keys in every run: their signatures are remembered, see `memo-bls.ts`. */
export const NETWORK_SEED = 'simulation';
const encodings = new Map<string, Promise<EncodedBlob>>();

export const sourceOf = ({ bytes, salt }: SimBlob) =>
  Uint8Array.from({ length: bytes }, (_, i) => (i * 7 + salt * 13 + 1 + (i >> 8)) & 255);

/** What the way between a page and a host does to exchanges. */
export interface Link {
  /** milliseconds in each direction, drawn up to it */
  slowestMs: number;
  /** of 1,000 exchanges */
  lostRequests: number;
  lostAnswers: number;
}

/** The outside: nodes, chain and relay of the local network, links, and virtual time for all of it. */
export class World {
  readonly config: SimConfig;
  readonly scheduler: Scheduler;
  readonly network: LocalNetwork;
  readonly clock: Clock;
  readonly disk: MemoryDisk;
  readonly links = new Map<string, Link>();
  /** how often each thing happened that a run should show */
  readonly counts = new Map<string, number>();
  /** what nodes do wrong now */
  readonly rules = new Map<number, readonly FaultRuleInput[]>();
  /** moments of trouble so far, those that were left out too */
  moments = 0;
  inFlight = 0;
  mostInFlight = 0;

  private constructor(
    config: SimConfig,
    scheduler: Scheduler,
    clock: Clock,
    network: LocalNetwork,
    disk: MemoryDisk,
  ) {
    this.config = config;
    this.scheduler = scheduler;
    this.clock = clock;
    this.network = network;
    this.disk = disk;
  }

  static async open(config: SimConfig, scheduler: Scheduler): Promise<World> {
    const clock = new Life('world', scheduler).clock(() => 0);
    const log = memoryLog();
    const disk = new MemoryDisk();
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
    return new World(config, scheduler, clock, network, disk);
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
    const key = `${shardCount}/${blob.bytes}/${blob.salt}`;
    const known = encodings.get(key);
    if (known !== undefined) return known;
    const codec = inThreadCodec(kernel, this.clock);
    const made = codec.encode(sourceOf(blob), shardCount);
    encodings.set(key, made);
    return made;
  }

  link(host: string): Link {
    const known = this.links.get(host) ?? { slowestMs: 30, lostRequests: 0, lostAnswers: 0 };
    this.links.set(host, known);
    return known;
  }

  /** The way from a life to everything that speaks HTTP. */
  transport(life: Life, clock: Clock): Transport {
    const random = this.random(`links of ${life.name}`);
    return limitedTransport((request, signal, onSent) => {
      const { host, pathname } = new URL(request.url);
      const link = this.link(host);
      const late = () => 1 + random.below(link.slowestMs);
      const [isLost, isUnheard] = [random.below(1_000), random.below(1_000)];
      const [up, down] = [late(), late()];
      const what = `${request.method} ${host}${pathname}`;
      this.inFlight++;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      return new Promise<Response>((resolve, reject) => {
        const ended = () => {
          this.inFlight--;
        };
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        const fail = (why: string) =>
          life.at(down, `${why} ${what}`, () => reject(new TypeError('fetch failed')));
        this.scheduler.at(up, host, `asked ${what}`, () => {
          if (isLost < link.lostRequests) {
            this.count('lost-requests');
            ended();
            fail('lost');
            return;
          }
          this.#handle(host, request).then(
            (response) => {
              ended();
              if (isUnheard < link.lostAnswers) {
                this.count('lost-answers');
                fail('unheard');
              } else {
                const { status } = response;
                life.at(down, `answer ${status} ${what}`, () => {
                  onSent?.(Number(request.headers.get('content-length') ?? 0));
                  resolve(response);
                });
              }
            },
            () => {
              ended();
              fail('broken');
            },
          );
        });
      });
    }, clock);
  }

  #handle(host: string, request: Request): Promise<Response> {
    const { services } = this.network;
    if (host === 'relay.test') return services.relay.handle(request);
    if (host === 'rpc.test') return services.rpc.handle(request);
    return this.network.toNode(request);
  }
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
