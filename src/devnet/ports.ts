import type { Clock } from '../protocol/ports.ts';
import { ByteBudget } from './byte-budget.ts';
import { type HttpLimits, type Listener, type ListenOptions, listen } from './http.ts';

export interface PortsOptions {
  readonly clock: Clock;
  readonly limits?: Partial<HttpLimits>;
  /** bytes of bodies in memory, of all ports together */
  readonly bodyBytes: number;
}

/** What ports can differ in. */
type PortOptions = Pick<ListenOptions, 'tls' | 'maxBody'>;

interface Place extends ListenOptions {
  listener: Listener | undefined;
}

/** The ports of a network by name: reserved before anything starts, closed and opened while it runs. */
export class Ports {
  readonly #options: PortsOptions;
  readonly #budget: ByteBudget;
  readonly #places = new Map<string, Place>();

  constructor(options: PortsOptions) {
    this.#options = options;
    this.#budget = new ByteBudget(options.bodyBytes);
  }

  /**
   * Takes a port and leaves it open.
   *
   * @param wanted 0: any free one
   * @returns which it is
   * @throws PortBusyError
   */
  async add(
    name: string,
    wanted: number,
    handler: ListenOptions['handler'],
    more: PortOptions = {},
  ): Promise<number> {
    const { clock, limits = {} } = this.#options;
    const options = { ...more, handler, clock, limits, budget: this.#budget };
    const listener = await listen({ ...options, port: wanted });
    const { port } = listener;
    this.#places.set(name, { ...options, port, listener });
    return port;
  }

  /** Opens or closes a port. Closing breaks its connections. */
  async set(name: string, open: boolean): Promise<void> {
    const place = this.#places.get(name);
    if (place === undefined) return;
    const { listener, ...options } = place;
    if (!open) {
      place.listener = undefined;
      await listener?.close();
    } else if (listener === undefined) {
      place.listener = await listen(options);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#places.keys()].map((name) => this.set(name, false)));
  }
}
