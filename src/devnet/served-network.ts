import { AdminServer } from './control/admin.ts';
import type { DataDoor } from './control/data-door.ts';
import { DEFAULT_PORT, readRecord, writeRecord } from './data-folder.ts';
import { describeNetwork, type NetworkDescription } from './describe.ts';
import { LinkError } from './faults/link-error.ts';
import type { HttpLimits, TlsSettings } from './http.ts';
import { LocalNetwork } from './network.ts';
import {
  type NetworkDoors,
  type NetworkSettings,
  SERVICE_NAMES,
  type ServiceName,
} from './network-options.ts';
import { TurnQueue } from './node/turn-queue.ts';
import { Ports } from './ports.ts';
import { DEFAULT_RELAY } from './relay/upload-relay.ts';
import type { LogEntry } from './request-log.ts';

export interface ServeOptions {
  readonly settings: NetworkSettings;
  readonly doors: Omit<NetworkDoors, 'onNodePort' | 'onServicePort'>;
  /** of the full node; the others follow. 0: any free ones. Without: the usual ones. Data keeps its ports. */
  readonly basePort: number | undefined;
  /** what the admin port asks for */
  readonly adminToken: string;
  /** of the storage nodes, which speak plain HTTP/1.1 without */
  readonly tls?: TlsSettings;
  /** what protects the ports; the usual limits without */
  readonly limits?: Partial<HttpLimits>;
  /** PEM of the authority behind `tls`, for the description */
  readonly authority?: string;
  /** hears of every request to a node */
  readonly onRequest?: (entry: LogEntry) => void;
}

export interface ServedNetwork {
  /** of now: the control may have it begin anew */
  readonly network: LocalNetwork;
  readonly admin: AdminServer;
  /** stays the same object, and true */
  readonly description: NetworkDescription;
  close(): Promise<void>;
}

const NAMES = [...SERVICE_NAMES, 'admin'] as const;
const BODY_BYTES = 1.5 * 2 ** 30; // a relay takes bodies of 1 GiB

/**
 * A network on ports of this machine.
 *
 * @throws PortBusyError, OtherNetworkError
 */
export async function serveNetwork(options: ServeOptions): Promise<ServedNetwork> {
  const { settings, doors, basePort, adminToken, tls, authority, limits, onRequest } = options;
  const { clock, disk } = doors;
  const { weights, seed, shuffle = false } = settings;
  const record = await readRecord(disk, { weights, seed, shuffle }, basePort);
  let served: { network: LocalNetwork; admin: AdminServer } | undefined;
  const ports = new Ports({ clock, bodyBytes: BODY_BYTES, ...(limits ? { limits } : {}) });
  const handlers = [
    ...NAMES.map((name) => (request: Request) => {
      if (served === undefined) return Promise.reject(new LinkError('reset'));
      if (name === 'admin') return served.admin.handle(request);
      return served.network.services[name].handle(request);
    }),
    ...weights.map((_, index) => (request: Request) => {
      if (served === undefined) return Promise.reject(new LinkError('reset'));
      return served.network.fleet.handle(index, request);
    }),
  ];
  const nameOf = (at: number) => NAMES[at] ?? nodePort(at - NAMES.length);
  const taken: number[] = [];
  try {
    for (const [at, handler] of handlers.entries()) {
      const port = record?.ports[at] ?? (basePort === 0 ? 0 : (basePort ?? DEFAULT_PORT) + at);
      const isNode = at >= NAMES.length;
      const name = nameOf(at);
      const more = {
        ...(name === 'relay'
          ? { maxBody: settings.relay?.maxBytes ?? DEFAULT_RELAY.maxBytes }
          : {}),
        ...(isNode && tls ? { tls } : {}),
      };
      taken.push(await ports.add(name, port, handler, more));
    }
    // Before the chain begins, on which the ports are.
    if (record === undefined) {
      await writeRecord(disk, { version: 1, weights, seed, shuffle, ports: taken });
    }
    const nodeAddresses = taken.slice(NAMES.length).map((port) => `127.0.0.1:${port}`);
    const urls = Object.fromEntries(
      NAMES.map((name, i) => [name, `http://127.0.0.1:${taken[i]}`]),
    ) as Record<ServiceName | 'admin', string>;
    const description = {} as NetworkDescription;
    const turns = new TurnQueue();
    const open = async () => {
      const network = await LocalNetwork.open(
        { ...settings, nodeAddresses },
        {
          ...doors,
          onNodePort: (index, isOpen) => ports.set(nodePort(index), isOpen),
          onServicePort: (name, isOpen) => ports.set(name, isOpen),
        },
      );
      const told = describeNetwork(network, urls, {
        adminToken,
        scheme: tls ? 'https' : 'http',
        ...(authority ? { authority } : {}),
      });
      Object.assign(description, told);
      if (onRequest) network.fleet.log.subscribe(onRequest);
      const admin = new AdminServer(network, {
        token: adminToken,
        description,
        data: betweenLives,
      });
      served = { network, admin };
      return served;
    };
    const betweenLives: DataDoor = {
      disk,
      use: (work) =>
        turns.run('life', async () => {
          await served?.admin.days.clear();
          await served?.network.close();
          await work(doors).finally(open);
        }),
    };
    const first = await open();
    return {
      get network() {
        return (served ?? first).network;
      },
      get admin() {
        return (served ?? first).admin;
      },
      description,
      close: () => turns.run('life', () => closeAll((served ?? first).network, ports)),
    };
  } catch (error) {
    await ports.close();
    throw error;
  }
}

const nodePort = (index: number) => `node ${index}`;

async function closeAll(network: LocalNetwork, ports: Ports): Promise<void> {
  await network.close();
  await ports.close();
}
