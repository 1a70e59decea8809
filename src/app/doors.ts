import { HauloutError } from '../protocol/errors.ts';
import type { Clock } from '../protocol/ports.ts';
import type { TabChannel } from './uploads/tab-talk.ts';

/** The page's doors: the only file of the app that touches time, clipboard and settings. */

export const clock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new HauloutError('aborted', {}));
      const onAbort = () => {
        clearTimeout(timer);
        reject(new HauloutError('aborted', {}));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, ms);
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};

/** @returns whether the browser allowed it */
export async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // no permission, no focus, or not a secure address
  }
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // it may be read later than it is asked for
}

/** Whether this browser could show a notification, if it was allowed to. */
export function canNotify(): boolean {
  return 'Notification' in window && Notification.permission !== 'denied';
}

/** Asks the person, in a click. @returns whether a notification may be shown */
export async function mayNotify(): Promise<boolean> {
  return (await Notification.requestPermission()) === 'granted';
}

/** Shows a notification that brings the page back when it is clicked. */
export function notify(title: string, body: string): void {
  try {
    const shown = new Notification(title, { body });
    shown.onclick = () => window.focus();
  } catch {
    // Phones have it in service workers only.
    void serviceWorkers()?.ready.then((ready) => ready.showNotification(title, { body }));
  }
}

/** Keeps the screen on until the returned function is called; where that is not possible, nothing happens. */
export function keepAwake(): () => void {
  let isOver = false;
  let lock: WakeLockSentinel | undefined;
  const ask = async () => {
    if (document.visibilityState !== 'visible' || isOver) return;
    const granted = await navigator.wakeLock?.request('screen').catch(() => undefined);
    if (isOver) void granted?.release();
    else lock = granted;
  };
  const onVisible = () => void ask(); // the browser takes it back when the tab is hidden
  document.addEventListener('visibilitychange', onVisible);
  onVisible();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', onVisible);
    void lock?.release();
  };
}

/** Tags of the languages that the person prefers, most wanted first. */
export function preferredLanguages(): readonly string[] {
  return navigator.languages;
}

/** Whether the browser knows of a connection. */
export function isOnline(): boolean {
  return navigator.onLine;
}

/** Calls `listener` when the connection goes or comes back. @returns ends it */
export function onLineChange(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Browser and version, for diagnoses. */
export function browserName(): string {
  return navigator.userAgent;
}

/** The time as in a log, for diagnoses. */
export function timestamp(): string {
  return new Date().toISOString();
}

export type SettingName =
  | ('look' | 'language' | 'keys' | 'wallet' | 'network')
  | ('approvals' | 'sending' | 'tipCap');

/** A setting kept in this browser; undefined if never chosen or if storage is forbidden. */
export function readSetting(name: SettingName): string | undefined {
  try {
    return localStorage.getItem(`haulout.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a setting; without storage it lasts until the page is closed. */
export function writeSetting(name: SettingName, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`haulout.${name}`);
    else localStorage.setItem(`haulout.${name}`, value);
  } catch {
    // Storage is forbidden here; the choice still holds for this page.
  }
}

/** Bytes that this browser keeps for the page, about; undefined where it does not tell. */
export async function keptBytes(): Promise<number | undefined> {
  return (await navigator.storage?.estimate().catch(() => undefined))?.usage;
}

const isOurs = (name: string) => name.startsWith('haulout'); // a host may have other sites too

/** Begins anew, with what the settings say now. */
export function reloadPage(): void {
  window.location.reload();
}

/** Removes all that was ever kept here, and begins anew. What is being written right now may stay. */
export async function forgetDevice(): Promise<void> {
  for (const name of Object.keys(localStorage).filter(isOurs)) localStorage.removeItem(name);
  const databases = ((await indexedDB.databases?.()) ?? []).map(({ name = '' }) => name);
  await Promise.all(databases.filter(isOurs).map(removeDatabase));
  const root = await navigator.storage?.getDirectory?.().catch(() => undefined);
  for await (const name of root?.keys() ?? []) {
    if (isOurs(name)) await root?.removeEntry(name, { recursive: true }).catch(() => undefined);
  }
  const kept = (await globalThis.caches?.keys()) ?? [];
  await Promise.all(kept.filter(isOurs).map((name) => caches.delete(name)));
  window.location.reload();
}

/** Ends once the database is gone, or is about to be. */
function removeDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

/** Calls `listener` when another tab changes a setting. */
export function onSettingElsewhere(listener: () => void): void {
  window.addEventListener('storage', listener);
}

/** The service worker container, if this browser and address offer one. */
export function serviceWorkers(): ServiceWorkerContainer | undefined {
  return 'serviceWorker' in navigator ? navigator.serviceWorker : undefined;
}

/** What the tabs of this browser say to each other. */
export function openChannel(name: string): TabChannel {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
  };
}

/** Hears what the service worker that answers for this page says to it. @returns ends it */
export function hearWorker(listener: (message: unknown) => void): () => void {
  const container = serviceWorkers();
  // Other sites of this host may have workers, which find this page too.
  const hear = ({ source, data }: MessageEvent) => {
    if (source === container?.controller) listener(data);
  };
  container?.addEventListener('message', hear);
  return () => container?.removeEventListener('message', hear);
}

/**
 * What the server of the page says at an address of its own, as JSON.
 *
 * @param body sent where it is given
 * @returns undefined if there is no such address, or no connection
 */
export async function askOwnServer(path: string, body?: unknown): Promise<unknown> {
  const sent = { method: 'POST', body: JSON.stringify(body) };
  try {
    const response = await fetch(path, body === undefined ? {} : sent);
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return response.ok && isJson ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

interface SavePicker {
  readonly showSaveFilePicker?: (o: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** Whether the person can choose a file to write into. */
export function canPickSaveFile(): boolean {
  return 'showSaveFilePicker' in window;
}

/** Lets the person choose a file to write into, in a click. @returns undefined if none is chosen */
export async function pickSaveFile(name: string): Promise<FileSystemFileHandle | undefined> {
  try {
    const { showSaveFilePicker } = window as SavePicker;
    return await showSaveFilePicker?.call(window, { suggestedName: name });
  } catch {
    return undefined; // closed, or a name that this browser does not write
  }
}

/** A word that no other page has. */
export function drawWord(): string {
  return crypto.randomUUID();
}

/** Asks an address of this site. */
export function fetchHere(url: string, init?: RequestInit): Promise<Response> {
  return fetch(url, init);
}

/**
 * Whether the host answers with the app where there is no file. It is asked past the service worker's cache, which a
 * stranger does not have.
 *
 * @param site address of the app, with a slash at the end
 */
export async function answersForPaths(site: string): Promise<boolean> {
  try {
    const answer = await fetch(`${site}b/0`, { cache: 'no-store' });
    return answer.ok && (await answer.text()).includes('name="haulout-network"');
  } catch {
    return false;
  }
}
