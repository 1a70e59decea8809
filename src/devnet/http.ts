import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../protocol/ports.ts';
import { ByteBudget } from './byte-budget.ts';
import { LinkError } from './faults/link-error.ts';
import { incomingBody } from './http-body.ts';
import { breakOff, sendResponse } from './http-response.ts';
import { IdleWatch } from './idle-watch.ts';

export type HttpIn = IncomingMessage | Http2ServerRequest;
export type HttpOut = ServerResponse | Http2ServerResponse;

/** What protects a port against clients that are slow, many or greedy. */
export interface HttpLimits {
  /** until the last header of a request */
  readonly headersMs: number;
  /** longest silence within a request's body */
  readonly bodyIdleMs: number;
  /** until the last byte of a request */
  readonly requestMs: number;
  /** an unused connection stays open so long */
  readonly keepAliveMs: number;
  readonly connections: number;
  /** bytes of bodies in memory, of all connections together */
  readonly bodyBytes: number;
}

export const DEFAULT_LIMITS: HttpLimits = {
  headersMs: 10_000,
  bodyIdleMs: 15_000,
  requestMs: 300_000,
  // Long: client and server may share a process, where a long computation makes an idle connection go stale.
  keepAliveMs: 600_000,
  connections: 2_048,
  bodyBytes: 512 << 20,
};

export interface TlsSettings {
  /** PEM */
  readonly key: string;
  readonly cert: string;
  /** offers HTTP/2, and HTTP/1.1 to those who do not speak it */
  readonly h2: boolean;
}

export interface ListenOptions {
  /** The request's signal tells when the client leaves before it has its answer. */
  readonly handler: (request: Request) => Promise<Response>;
  /** 0: any free one */
  readonly port: number;
  readonly clock: Clock;
  readonly tls?: TlsSettings;
  readonly limits?: Partial<HttpLimits>;
  /** values of the Host header that are served besides those of this machine; a guard against DNS rebinding */
  readonly hosts?: readonly string[];
  /** longest body that the handler reads; a body without a length counts as one */
  readonly maxBody?: number;
  /** shared by the ports of one process */
  readonly budget?: ByteBudget;
}

export interface Listener {
  readonly port: number;
  /** such as `http://127.0.0.1:9185` */
  readonly origin: string;
  /** Takes no more connections and breaks those that are open. */
  close(): Promise<void>;
}

/** Somebody else has the port. */
export class PortBusyError extends Error {
  override readonly name = 'PortBusyError';
  readonly port: number;

  constructor(port: number) {
    super(`port ${port} is in use by another program; choose another one or end that program`);
    this.port = port;
  }
}

const HOST = '127.0.0.1';
const LARGE_SLIVER = 48 << 20; // bytes

/**
 * Serves a handler on a port of this machine.
 *
 * @throws PortBusyError
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const budget = options.budget ?? new ByteBudget(limits.bodyBytes);
  const idle = new IdleWatch(options.clock, limits.bodyIdleMs);
  const server = makeServer(options.tls, limits, (incoming, outgoing) => {
    void serve(incoming, outgoing, { options, budget, idle });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    if (sockets.size >= limits.connections) {
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await bind(server, options.port);
  return {
    port,
    origin: `${options.tls ? 'https' : 'http'}://${HOST}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.resetAndDestroy();
      }),
  };
}

type AnyServer = Server | Http2SecureServer;

function makeServer(
  tls: TlsSettings | undefined,
  limits: HttpLimits,
  onRequest: (incoming: HttpIn, outgoing: HttpOut) => void,
): AnyServer {
  const settings = {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    noDelay: true,
  };
  if (tls === undefined) return createServer(settings, onRequest);
  const { key, cert } = tls;
  if (!tls.h2) return createTlsServer({ ...settings, key, cert }, onRequest);
  const server = createSecureServer({
    ...settings,
    key,
    cert,
    allowHTTP1: true,
    settings: { maxConcurrentStreams: 1_000, initialWindowSize: 1 << 20 },
  });
  server.on('request', onRequest);
  return server;
}

function bind(server: AnyServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new PortBusyError(port) : error);
    });
    server.on('error', () => undefined); // later ones concern single connections
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

interface Serving {
  readonly options: ListenOptions;
  readonly budget: ByteBudget;
  readonly idle: IdleWatch;
}

async function serve(incoming: HttpIn, outgoing: HttpOut, serving: Serving): Promise<void> {
  const { options, budget, idle } = serving;
  let giveBack: (() => void) | undefined;
  let ended = false;
  // Room is taken when somebody begins to read: requests that are held back take none.
  const admit = async () => {
    giveBack = await budget.take(declaredBytes(incoming, options));
    if (ended) giveBack();
  };
  const left = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableEnded) left.abort(new LinkError('closed'));
  });
  try {
    const host = hostOf(incoming);
    if (host === undefined || !isServed(host, incoming, options)) {
      await sendResponse(incoming, outgoing, refusal(host));
      return;
    }
    const { method = 'GET' } = incoming;
    const url = `${options.tls ? 'https' : 'http'}://${host}${incoming.url ?? '/'}`;
    const headers = headersOf(incoming);
    const init: RequestInit & { duplex?: 'half' } = { method, headers, signal: left.signal };
    if (hasBody(incoming)) {
      init.body = incomingBody(incoming, idle, admit);
      init.duplex = 'half';
    }
    await sendResponse(incoming, outgoing, await options.handler(new Request(url, init)));
  } catch (error) {
    breakOff(incoming, outgoing, error);
  } finally {
    ended = true;
    giveBack?.();
  }
}

/** The Host header, or its like in HTTP/2, if it can be part of an address. */
function hostOf(incoming: HttpIn): string | undefined {
  const host = incoming.headers[':authority'] ?? incoming.headers.host;
  return typeof host === 'string' && /^[a-zA-Z0-9.-]+(:\d{1,5})?$/.test(host) ? host : undefined;
}

function isServed(host: string, incoming: HttpIn, { hosts = [] }: ListenOptions): boolean {
  const port = incoming.socket.localPort;
  const here = ['127.0.0.1', 'localhost'].flatMap((name) => [`${name}:${port}`, name]);
  return here.includes(host.toLowerCase()) || hosts.includes(host);
}

function refusal(host: string | undefined): Response {
  const text = host === undefined ? 'the Host header is missing' : 'this host is not served here';
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return new Response(text, { status: host === undefined ? 400 : 421, headers });
}

function headersOf(incoming: HttpIn): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name.startsWith(':') || value === undefined) continue;
    for (const each of [value].flat()) headers.append(name, each);
  }
  return headers;
}

function hasBody({ method, headers }: HttpIn): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || headers['content-length'] !== '0';
}

/** What a body may take in memory. */
function declaredBytes({ headers }: HttpIn, { maxBody = LARGE_SLIVER }: ListenOptions): number {
  const length = Number(headers['content-length']);
  return Number.isFinite(length) ? length : maxBody;
}
