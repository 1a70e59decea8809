import type { Clock } from '../protocol/ports.ts';
import { ByteBudget } from './byte-budget.ts';
import { type HttpLimits, type Listener, listen, type TlsSettings } from './http.ts';

export interface PortsOptions {
  readonly clock: Clock;
  readonly limits?: Partial<HttpLimits>;
  /** bytes of bodies in memory, of all ports together */
  readonly bodyBytes: number;
}

type Handler = (request: Request) => Promise<Response>;

interface Place {
  readonly port: number;
  readonly handler: Handler;
  readonly tls: TlsSettings | undefined;
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
   * @param port 0: any free one
   * @returns which it is
   * @throws PortBusyError
   */
  async add(name: string, port: number, handler: Handler, tls?: TlsSettings): Promise<number> {
    const listener = await this.#listen(port, handler, tls);
    this.#places.set(name, { port: listener.port, handler, tls, listener });
    return listener.port;
  }

  /** Opens or closes a port. Closing breaks its connections. */
  async set(name: string, open: boolean): Promise<void> {
    const place = this.#places.get(name);
    if (place === undefined) return;
    const { listener, port, handler, tls } = place;
    if (!open) {
      place.listener = undefined;
      await listener?.close();
    } else if (listener === undefined) {
      place.listener = await this.#listen(port, handler, tls);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#places.keys()].map((name) => this.set(name, false)));
  }

  #listen(port: number, handler: Handler, tls: TlsSettings | undefined): Promise<Listener> {
    const { clock, limits } = this.#options;
    return listen({
      handler,
      port,
      clock,
      budget: this.#budget,
      ...(tls ? { tls } : {}),
      ...(limits ? { limits } : {}),
    });
  }
}
