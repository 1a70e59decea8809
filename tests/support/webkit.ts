import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LIBRARIES = '/usr/lib';
const START_TRIES = 50;
const PAUSE_MS = 200;

function onPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}

/** The small browser that comes with WebKitGTK; it lies beside its libraries. */
function miniBrowser(): string | undefined {
  if (!existsSync(LIBRARIES)) return undefined;
  return readdirSync(LIBRARIES)
    .map((machine) => join(LIBRARIES, machine, 'webkit2gtk-4.1/MiniBrowser'))
    .find((path) => existsSync(path));
}

/** Whether Debian's `webkit2gtk-driver` and `xvfb` are installed. */
export function hasWebKit(): boolean {
  const programs = [onPath('WebKitWebDriver'), onPath('Xvfb'), miniBrowser()];
  return programs.every((path) => path !== undefined);
}

/** A WebKitGTK that knows nothing yet, driven over the W3C protocol. */
export class WebKit {
  readonly #children: readonly ChildProcess[];
  readonly #driver: string;
  #session = '';

  private constructor(children: readonly ChildProcess[], driver: string) {
    this.#children = children;
    this.#driver = driver;
  }

  /** @param port any free one; the display has the same number */
  static async open(port: number): Promise<WebKit> {
    const display = `:${port}`;
    const env = { ...process.env, DISPLAY: display };
    const quiet = { env, stdio: 'ignore' } as const;
    const made = new WebKit(
      [
        spawn('Xvfb', [display, '-screen', '0', '1280x900x24'], quiet),
        spawn('WebKitWebDriver', [`--port=${port}`], quiet),
      ],
      `http://127.0.0.1:${port}`,
    );
    const options = { binary: miniBrowser(), args: ['--automation'] };
    const capabilities = { alwaysMatch: { 'webkitgtk:browserOptions': options } };
    for (let tries = 1; made.#session === ''; tries++) {
      try {
        const { sessionId } = (await made.#send('/session', { capabilities })) as SessionMade;
        made.#session = `/session/${sessionId}`;
      } catch (error) {
        if (tries === START_TRIES) throw error;
        await sleep(PAUSE_MS);
      }
    }
    return made;
  }

  async goto(url: string): Promise<void> {
    await this.#send(`${this.#session}/url`, { url });
  }

  /** Runs a function in the page, which knows nothing but what it is given. */
  async run<A extends readonly unknown[], T>(
    work: (...args: A) => Promise<T> | T,
    ...args: A
  ): Promise<T> {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${work})(...[...arguments].slice(0, -1))).then(
        (value) => done({ value }), (error) => done({ error: String(error) }));`;
    const given = await this.#send(`${this.#session}/execute/async`, { script, args });
    const { value, error } = given as { readonly value: T; readonly error?: string };
    if (error !== undefined) throw new Error(error);
    return value;
  }

  async close(): Promise<void> {
    if (this.#session !== '') await this.#send(this.#session, undefined, 'DELETE');
    for (const child of this.#children) {
      const isGone = child.exitCode !== null || once(child, 'exit'); // its display and port are free then
      child.kill();
      await isGone;
    }
  }

  async #send(path: string, body: unknown, method = 'POST'): Promise<unknown> {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(this.#driver + path, { method, ...sent });
    const { value } = (await response.json()) as { readonly value: unknown };
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`);
    return value;
  }
}

interface SessionMade {
  readonly sessionId: string;
}
