import type { Clock, Random } from '../../protocol/ports.ts';
import { LinkError } from '../faults/link-error.ts';
import { counted } from '../node/body.ts';
import { TurnQueue } from '../node/turn-queue.ts';
import { RequestLog } from '../request-log.ts';
import { faultyService } from './faulty-service.ts';
import { ServiceFaults, type ServiceRuleInput } from './service-faults.ts';

/** One life of a service. */
export interface Service {
  handle(request: Request): Promise<Response>;
  /** ends what would outlive the service */
  stop?(): Promise<void>;
}

export interface ServiceSlotOptions {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  /** starts the service from what is kept of it */
  readonly start: () => Promise<Service>;
  /** the service's port opens or closes */
  readonly onPort?: (open: boolean) => Promise<void>;
}

interface Life {
  readonly service: Service;
  readonly gone: Promise<void>;
  end(): void;
}

/** The place of a service in a network: it starts and ends its lives, and stands in front of them with faults. */
export class ServiceSlot {
  readonly name: string;
  readonly faults: ServiceFaults;
  readonly log = new RequestLog();
  readonly #options: ServiceSlotOptions;
  readonly #turns = new TurnQueue();
  #life: Life | undefined;
  #lives = 0; // grows with each start and each end
  #lastPaths: string[] = [];

  constructor(options: ServiceSlotOptions) {
    this.name = options.name;
    this.#options = options;
    this.faults = new ServiceFaults(options.random);
  }

  get alive(): boolean {
    return this.#life !== undefined;
  }

  /** Begins a life, unless there is one. */
  start(): Promise<void> {
    return this.#turns.run('life', () => this.#start());
  }

  async #start(): Promise<void> {
    if (this.#life !== undefined) return;
    this.#lives += 1;
    const service = await this.#options.start();
    let end: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#life = { service, gone, end };
    if (!this.faults.refuses) await this.#options.onPort?.(true);
  }

  /** Ends the service at once: connections break, what is in memory is lost. */
  kill(): Promise<void> {
    this.#lives += 1;
    return this.#turns.run('life', () => this.#kill());
  }

  async #kill(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    life.end();
    await this.#options.onPort?.(false);
    await life.service.stop?.();
  }

  /** A new life after `ms`, unless somebody starts or kills it before. */
  async restart(ms = 0): Promise<void> {
    const killed = this.kill();
    const lives = this.#lives;
    await killed;
    if (ms > 0) await this.#options.clock.sleep(ms);
    if (this.#lives === lives) await this.start();
  }

  async setFaults(rules: readonly ServiceRuleInput[]): Promise<void> {
    const was = this.faults.refuses;
    this.faults.setRules(rules);
    if (this.#life === undefined || was === this.faults.refuses) return;
    await this.#options.onPort?.(was);
  }

  /** One exchange, as faults have it. @throws LinkError */
  async handle(incoming: Request): Promise<Response> {
    const { clock } = this.#options;
    const { request, bytesIn } = counted(incoming);
    const t = clock.wall();
    const begin = clock.monotonic();
    const end = this.log.begin(0);
    const { pathname, search } = new URL(request.url);
    const path = pathname + search;
    const fault = this.faults.pick(request.method, path);
    const note = (status: number, bytesOut: number) =>
      end({
        ...{ t, method: request.method, path, status, bytesIn: bytesIn(), bytesOut },
        ...{ ms: clock.monotonic() - begin, fault: fault?.type ?? null, peer: false },
      });
    try {
      const life = this.#life;
      if (life === undefined) throw new LinkError('refused');
      const answer = (asked: Request) => life.service.handle(asked);
      const restart = (ms: number) => void this.restart(ms).catch(() => undefined);
      const { faults } = this;
      const { gone } = life;
      const otherPath = this.#lastPaths.find((each) => each !== path);
      const exchange = { request, faults, clock, gone, otherPath, answer, restart };
      const response = await (fault ? faultyService(exchange, fault) : answer(request));
      if (this.#life !== life) throw new LinkError('reset'); // it died meanwhile
      if (response.ok && request.method === 'GET') {
        this.#lastPaths = [path, ...this.#lastPaths.filter((each) => each !== path)].slice(0, 2);
      }
      note(response.status, Number(response.headers.get('content-length') ?? 0));
      return response;
    } catch (error) {
      note(0, 0);
      throw error;
    }
  }
}
