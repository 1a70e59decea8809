import type { Engine } from '../kernel/abi.ts';
import { supportedEngine } from '../kernel/supported-engine.ts';
import { HELP, readCommandLine, UsageError } from './command-line.ts';
import { OtherNetworkError } from './data-folder.ts';
import { DamagedDataError } from './disk/damaged-data.ts';
import { PortBusyError } from './http.ts';
import { machineDoors, newToken, nodeTls, openLines } from './machine-door.ts';
import { type ServedNetwork, serveNetwork } from './served-network.ts';
import { ReplayError } from './sui/chain.ts';
import { tableOf } from './table.ts';

export interface StartedNetwork extends ServedNetwork {
  /** what to print */
  readonly text: string;
}

/**
 * Starts the network that a command line describes.
 *
 * @param loadKernel gives the compiled kernel; the network is up before it is there
 * @returns text instead if that is all that was asked for
 * @throws errors that `sentenceOf` knows
 */
export async function startFrom(
  words: readonly string[],
  loadKernel: (engine: Engine) => Promise<WebAssembly.Module>,
): Promise<StartedNetwork | string> {
  const line = readCommandLine(words);
  if (line === 'help') return HELP;
  const { weights, seed, shuffle, tip, epochMs, lagMs, basePort, data, durability } = line;
  const certified = line.tls && (await nodeTls(line.tls));
  const lines = line.log === undefined ? undefined : await openLines(line.log);
  const kernel = loadKernel(supportedEngine());
  kernel.catch(() => undefined); // awaited below
  const doors = await machineDoors({ kernel, data, durability });
  const closeDoors = async () => {
    doors.codec.close();
    await doors.verifier.close();
    await lines?.close();
  };
  try {
    const served = await serveNetwork({
      settings: {
        ...{ weights, seed, shuffle, tip, autoEpochs: true },
        ...(epochMs === undefined ? {} : { epochDurationMs: epochMs }),
        ...(lagMs === undefined ? {} : { chainDelayMs: [0, lagMs] }),
      },
      doors,
      basePort,
      adminToken: newToken(),
      ...certified,
      ...(lines ? { onRequest: (entry) => lines.add(JSON.stringify(entry)) } : {}),
    });
    const { authority } = certified ?? {};
    if (authority) await doors.disk.write('ca.pem', new TextEncoder().encode(authority));
    if (line.fault !== undefined) await served.admin.days.start(line.fault);
    await kernel;
    const { description } = served;
    const text = line.json ? `${JSON.stringify(description)}\n` : tableOf(description, data);
    return { ...served, text, close: () => served.close().then(closeDoors) };
  } catch (error) {
    await closeDoors();
    throw error;
  }
}

/** A sentence for a person; undefined for errors that nobody expected. */
export function sentenceOf(error: unknown): string | undefined {
  const known = [UsageError, PortBusyError, OtherNetworkError, DamagedDataError];
  if (known.some((kind) => error instanceof kind)) return (error as Error).message;
  const { code, path, syscall, port } = error as NodeJS.ErrnoException & { port?: number };
  if (syscall === 'listen') return `port ${port} cannot be opened (${code}); choose another --port`;
  if (path !== undefined) return `${path} cannot be read or written (${code})`;
  if (error instanceof ReplayError) {
    return `The data cannot be used: ${error.message}. Give another --data folder, or remove this one.`;
  }
  return undefined;
}
