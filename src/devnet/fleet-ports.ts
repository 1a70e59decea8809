import type { Clock } from '../protocol/ports.ts';
import { ByteBudget } from './byte-budget.ts';
import {
  DEFAULT_LIMITS,
  type HttpLimits,
  type Listener,
  listen,
  type TlsSettings,
} from './http.ts';

export interface FleetPortsOptions {
  readonly count: number;
  /** of the first node, the others follow; 0: any free ones */
  readonly basePort: number;
  readonly handler: (index: number, request: Request) => Promise<Response>;
  readonly clock: Clock;
  readonly tls?: TlsSettings;
  readonly limits?: Partial<HttpLimits>;
}

/** The ports of storage nodes: one each, known before the nodes start, open while they are alive. */
export class FleetPorts {
  readonly #options: FleetPortsOptions;
  readonly #budget: ByteBudget;
  readonly #ports: number[] = [];
  readonly #listeners = new Map<number, Listener>();

  private constructor(options: FleetPortsOptions) {
    this.#options = options;
    this.#budget = new ByteBudget(options.limits?.bodyBytes ?? DEFAULT_LIMITS.bodyBytes);
  }

  /** Reserves all ports and leaves them open. @throws PortBusyError; then none is open */
  static async open(options: FleetPortsOptions): Promise<FleetPorts> {
    const ports = new FleetPorts(options);
    try {
      for (let index = 0; index < options.count; index++) {
        await ports.#listen(index, options.basePort === 0 ? 0 : options.basePort + index);
      }
    } catch (error) {
      await ports.close();
      throw error;
    }
    return ports;
  }

  /** host:port of every node */
  get addresses(): readonly string[] {
    return this.#ports.map((port) => `127.0.0.1:${port}`);
  }

  /** Opens or closes the port of a node. Closing breaks its connections. */
  async set(index: number, open: boolean): Promise<void> {
    if (!open) {
      const listener = this.#listeners.get(index);
      this.#listeners.delete(index);
      await listener?.close();
    } else if (!this.#listeners.has(index)) {
      await this.#listen(index, this.#ports[index] ?? 0);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners.keys()].map((index) => this.set(index, false)));
  }

  async #listen(index: number, port: number): Promise<void> {
    const { handler, clock, tls, limits } = this.#options;
    const listener = await listen({
      handler: (request) => handler(index, request),
      port,
      clock,
      budget: this.#budget,
      ...(tls ? { tls } : {}),
      ...(limits ? { limits } : {}),
    });
    this.#listeners.set(index, listener);
    this.#ports[index] = listener.port;
  }
}
