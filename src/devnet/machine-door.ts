import { mkdir, open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { systemClock, systemRandom } from '../workers/doors.ts';
import { threadedCodec } from './codec-threads-door.ts';
import { FileDisk } from './disk/file-disk-door.ts';
import { MemoryDisk } from './disk/memory-disk.ts';
import type { TlsSettings } from './http.ts';
import type { NetworkDoors } from './network-options.ts';
import { memoryLog } from './sui/ledger/log.ts';
import { fileLog } from './sui/ledger/log-door.ts';
import { createLocalCa } from './tls/local-ca-door.ts';
import { type KernelModule, ThreadedVerifier } from './verify/threads-door.ts';

export interface MachineOptions {
  readonly kernel: KernelModule;
  /** folder of all data; nothing is kept without one */
  readonly data: string | undefined;
  /** survives a power loss, or the end of this process only, which is faster */
  readonly durability: 'strict' | 'relaxed';
}

/** What a network stands on in a process of its own: this machine's clock, disk and processors. */
export async function machineDoors({
  kernel,
  data,
  durability,
}: MachineOptions): Promise<Omit<NetworkDoors, 'onNodePort' | 'onServicePort'>> {
  const threads = availableParallelism();
  const memory = memoryLog();
  const folder = data === undefined ? undefined : resolve(data);
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  return {
    clock: systemClock,
    disk: folder === undefined ? new MemoryDisk() : new FileDisk(folder, { durability }),
    openLog: async () => (folder === undefined ? memory : fileLog(join(folder, 'chain.jsonl'))),
    verifier: new ThreadedVerifier(kernel, threads),
    codec: threadedCodec(kernel, threads, systemClock),
  };
}

/** Adds lines to a file, in their order. @throws Error if it cannot be written */
export async function openLines(path: string) {
  const file = await open(path, 'a');
  let last = Promise.resolve();
  let failed = false;
  return {
    add(line: string): void {
      if (failed) return;
      last = last
        .then(() => file.appendFile(`${line}\n`))
        .catch(() => {
          failed = true; // a full disk must not end the network
        });
    },
    close: async () => {
      await last;
      await file.close();
    },
  };
}

/** A token that nobody guesses. */
export function newToken(): string {
  return Array.from(systemRandom.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What the nodes prove themselves with, and whom to trust for that. */
export interface NodeTls {
  readonly tls: TlsSettings;
  /** PEM; absent where the certificate came from outside */
  readonly authority?: string;
}

/** @throws Error if a file cannot be read */
export async function nodeTls(files: { cert: string; key: string } | 'local'): Promise<NodeTls> {
  if (files === 'local') {
    const { cert: authority, issue } = createLocalCa(systemClock.wall());
    return { tls: { ...issue(['127.0.0.1', 'localhost']), h2: true }, authority };
  }
  const cert = await readFile(files.cert, 'utf8');
  return { tls: { cert, key: await readFile(files.key, 'utf8'), h2: true } };
}
