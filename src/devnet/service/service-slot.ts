import type { Clock, Random } from '../../protocol/ports.ts';
import { LinkError } from '../faults/link-error.ts';
import { bodyBytesOf } from '../node/body.ts';
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
  #life: Life | undefined;
  #lastPaths: string[] = [];

  constructor(options: ServiceSlotOptions) {
    this.name = options.name;
    this.#options = options;
    this.faults = new ServiceFaults(options.random);
  }

  get alive(): boolean {
    return this.#life !== undefined;
  }

  async start(): Promise<void> {
    if (this.#life !== undefined) return;
    const service = await this.#options.start();
    let end: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#life = { service, gone, end };
    if (!this.faults.refuses) await this.#options.onPort?.(true);
  }

  /** Ends the service at once: connections break, what is in memory is lost. */
  async kill(): Promise<void> {
    const life = this.#life;
    if (life === undefined) return;
    this.#life = undefined;
    life.end();
    await this.#options.onPort?.(false);
    await life.service.stop?.();
  }

  async restart(ms = 0): Promise<void> {
    await this.kill();
    if (ms > 0) await this.#options.clock.sleep(ms);
    await this.start();
  }

  async setFaults(rules: readonly ServiceRuleInput[]): Promise<void> {
    const was = this.faults.refuses;
    this.faults.setRules(rules);
    if (this.#life === undefined || was === this.faults.refuses) return;
    await this.#options.onPort?.(was);
  }

  /** One exchange, as faults have it. @throws LinkError */
  async handle(request: Request): Promise<Response> {
    const { clock } = this.#options;
    const t = clock.wall();
    const begin = clock.monotonic();
    const end = this.log.begin(0);
    const { pathname, search } = new URL(request.url);
    const path = pathname + search;
    const fault = this.faults.pick(request.method, path);
    const note = (status: number, bytesOut: number) =>
      end({
        ...{ t, method: request.method, path, status, bytesIn: bodyBytesOf(request), bytesOut },
        ...{ ms: clock.monotonic() - begin, fault: fault?.type ?? null, peer: false },
      });
    try {
      const life = this.#life;
      if (life === undefined) throw new LinkError('refused');
      const handle = (asked: Request) => life.service.handle(asked);
      const restart = (ms: number) => void this.restart(ms);
      const { faults } = this;
      const { gone } = life;
      const otherPath = this.#lastPaths.find((each) => each !== path);
      const exchange = { request, faults, clock, gone, otherPath, handle, restart };
      const response = await (fault ? faultyService(exchange, fault) : handle(request));
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
