import { BadDays } from '../bad-days.ts';
import { ContractRefusal } from '../epochs.ts';
import type { LocalNetwork } from '../network.ts';
import { FrameworkError } from '../node/errors.ts';
import { AdminError } from './admin-error.ts';
import { BlobList } from './blob-list.ts';
import type { DataDoor } from './data-door.ts';
import { pageFile } from './page-files.ts';
import { type Control, ROUTES } from './routes.ts';
import { toJson } from './state.ts';

export interface AdminOptions {
  /** who sends it as `Authorization: Bearer …` may do everything */
  readonly token: string;
  /** the answer of `GET /admin/network` */
  readonly description: unknown;
  /** where the network can be stopped and begun anew */
  readonly data?: DataDoor;
}

/**
 * The control of a network over HTTP: state, faults, chain, lives. The page and its files are open to all; what they show
 * and do needs the token. No other origin may read answers or send a request that needs a preflight.
 */
export class AdminServer {
  readonly days: BadDays;
  readonly #control: Control;
  readonly #token: string;

  constructor(network: LocalNetwork, { token, description, data }: AdminOptions) {
    this.days = new BadDays(network);
    this.#token = token;
    const blobs = new BlobList(network.life.port);
    this.#control = { network, days: this.days, blobs, description, data };
  }

  /** Answers a request. Never rejects. */
  async handle(request: Request): Promise<Response> {
    const file = pageFile(request);
    if (file !== undefined) return file;
    try {
      return await this.#route(request);
    } catch (error) {
      const known = error instanceof AdminError || error instanceof FrameworkError;
      if (known) return json(error.httpStatus, { error: error.message });
      if (error instanceof ContractRefusal) return json(409, { error: error.message });
      const message = error instanceof Error ? error.message : String(error);
      return json(500, { error: message });
    }
  }

  async #route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const words = pathname.split('/');
    const here = ROUTES.filter(([, pattern]) => fits(words, pattern.split('/')));
    if (here.length === 0) return json(404, { error: 'there is nothing at this path' });
    if (!sameText(request.headers.get('authorization') ?? '', `Bearer ${this.#token}`)) {
      return json(401, { error: 'send the admin token as Authorization: Bearer <token>' });
    }
    const route = here.find(([method]) => method === request.method);
    if (route === undefined) {
      const allow = here.map(([method]) => method).join(', ');
      return json(405, { error: `the methods here are ${allow}` }, { allow });
    }
    const [, pattern, handler] = route;
    const values = words.filter((_, i) => pattern.split('/')[i] === '*');
    return json(200, (await handler(this.#control, request, values)) ?? { ok: true });
  }
}

function fits(words: readonly string[], pattern: readonly string[]): boolean {
  if (words.length !== pattern.length) return false;
  return pattern.every((part, i) => part === '*' || part === words[i]);
}

/** Takes the same time for all texts of one length. */
function sameText(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % b.length);
  return difference === 0;
}

function json(status: number, value: unknown, more: Record<string, string> = {}): Response {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', ...more };
  return new Response(`${toJson(value)}\n`, { status, headers });
}
