import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { findBrowser, launchOptions } from '../../src/tooling/browser.mjs';

/** A Chromium that a test may kill, and its profile, which the next one finds as the kill has left it. */
export class Killable {
  readonly #baseURL: string;
  #profile: string;
  #kill: (() => Promise<void>) | undefined;
  #group: number | undefined;

  constructor(baseURL: string) {
    this.#baseURL = baseURL;
    this.#profile = newFolder();
  }

  async open(): Promise<BrowserContext> {
    const context = await chromium.launchPersistentContext(this.#profile, {
      ...launchOptions('chromium', findBrowser('chromium')),
      baseURL: this.#baseURL,
      serviceWorkers: 'block',
    });
    const session = await context.browser()?.newBrowserCDPSession();
    if (session === undefined) throw new Error('this browser cannot be asked');
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const pid = processInfo.find(({ type }) => type === 'browser')?.id;
    if (pid === undefined) throw new Error('the process of the browser is not known');
    this.#group = pid;
    this.#kill = async () => {
      const gone = new Promise((resolve) => context.once('close', resolve));
      process.kill(-pid, 'SIGKILL'); // with all that it has started: it leads a group of its own
      await gone;
    };
    return context;
  }

  /** Ends the browser as a power button would, politeness and last writes left out. */
  async kill(): Promise<void> {
    await this.#kill?.();
    this.#kill = undefined;
  }

  /** Nothing of the browser runs any more, as when the lid is closed; the clock goes on. */
  stop(): void {
    this.#signal('SIGSTOP');
  }

  goOn(): void {
    this.#signal('SIGCONT');
  }

  #signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.#group !== undefined) process.kill(-this.#group, signal);
  }

  /** What the next browser finds is an empty profile. */
  wipe(): void {
    this.#remove();
    this.#profile = newFolder();
  }

  async end(): Promise<void> {
    await this.kill();
    this.#remove();
  }

  #remove(): void {
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'haulout-profile-'));
