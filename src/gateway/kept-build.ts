import { askHost, askHostWithin } from './site-door.ts';

const NEVER_KEPT = new Set(['sw.js', 'sw-off.js', '_headers']);
const NAVIGATION_WAIT_MS = 4_000;
/** Places of the app that have no file, since their address names something: a blob, an object, an upload. */
const NAMED = /^(?:b|o|u|open)\/[^/]+$/;
/** What a page loads of the app, wherever it was built to lie. */
const OWN_ADDRESS = /\b(href|src)="\/(?:[^"]*\/)?(assets\/[^"]+|icon\.svg)"/g;

/** The files of one build of the app, kept so that it opens without a connection. */
export class KeptBuild {
  readonly #root: URL;
  readonly #build: string;
  /** Caches belong to the whole origin, which may hold another Haulout under another path. */
  readonly #caches: string;

  /** @param root where the app lies */
  constructor(root: URL, build: string) {
    this.#root = root;
    this.#build = build;
    this.#caches = `haulout ${root.pathname} `;
  }

  /** Keeps every file of the build. @throws where one is missing, or the host has another build */
  async keep(): Promise<void> {
    const list = await askHost(new URL('files.json', this.#root), { cache: 'no-store' });
    const { build, files } = (await list.json()) as { build: string; files: object };
    // A list of another build means a deployment is half done; the browser tries again later.
    if (build !== this.#build) throw new Error('files.json belongs to another build');
    const paths = Object.keys(files).filter((path) => !NEVER_KEPT.has(path));
    const requests = paths.map((path) => new Request(this.#url(path), { cache: 'no-cache' }));
    await (await this.#cache()).addAll(requests);
  }

  async dropOthers(): Promise<void> {
    const names = await caches.keys();
    const own = this.#caches + this.#build;
    const old = names.filter((name) => name.startsWith(this.#caches) && name !== own);
    await Promise.all(old.map((name) => caches.delete(name)));
  }

  /** A place of the app: fresh if the network answers in time, else the kept page of that place. */
  async openPage(url: URL): Promise<Response> {
    try {
      const fresh = await askHostWithin(url, NAVIGATION_WAIT_MS);
      // Hosts send `/index.html` to `/` and the like; a page must not be answered with what lies behind.
      if (fresh.ok) return fresh.redirected ? Response.redirect(fresh.url) : fresh;
    } catch {
      // No connection, or too slow: the kept page is as good.
    }
    return this.#keptPage(url);
  }

  /** What never changes under its name. */
  async keptFirst(request: Request): Promise<Response> {
    return (await (await this.#cache()).match(request)) ?? askHost(request);
  }

  async networkFirst(request: Request): Promise<Response> {
    try {
      return await askHost(request);
    } catch (error) {
      const kept = await (await this.#cache()).match(request);
      if (kept !== undefined) return kept;
      throw error;
    }
  }

  /** The text of a kept file. */
  async text(path: string): Promise<string | undefined> {
    return (await (await this.#cache()).match(this.#url(path)))?.text();
  }

  async #keptPage(url: URL): Promise<Response> {
    const path = url.pathname.slice(this.#root.pathname.length).replace(/\/$/, '');
    const cache = await this.#cache();
    const isNamed = NAMED.test(path); // the host may answer 404 for it and send the app all the same
    const named = [path, `${path}.html`, ...(isNamed ? ['404.html'] : [])];
    const names = path === '' ? ['index.html'] : named;
    for (const name of names) {
      const kept = await cache.match(this.#url(name));
      if (kept !== undefined && name === '404.html') return this.#startedHere(kept);
      if (kept?.redirected) return new Response(kept.body, kept); // else the browser would refuse it
      if (kept !== undefined) return kept;
    }
    // An address that is no place: the start explains itself.
    return Response.redirect(this.#root.href, 302);
  }

  /** A page for any depth counts its addresses from the root of a host, and knows the app's folder only if built for it. */
  async #startedHere(page: Response): Promise<Response> {
    const html = await page.text();
    const folder = this.#root.pathname;
    const here = (_: string, kind: string, path: string) => `${kind}="${folder}${path}"`;
    const headers = new Headers(page.headers);
    for (const name of ['content-length', 'content-encoding']) headers.delete(name);
    return new Response(html.replaceAll(OWN_ADDRESS, here), { headers });
  }

  #cache(): Promise<Cache> {
    return caches.open(this.#caches + this.#build);
  }

  #url(path: string): URL {
    return new URL(path, this.#root);
  }
}
