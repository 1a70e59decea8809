import type { NetworkDescription } from '../../src/devnet/describe.ts';
import { type BlobSource, createEncoder, createHaulout } from '../../src/index.ts';

const encoder = createEncoder();

/** A page that knows nothing yet of the network, except what it computes with. */
const client = (network: NetworkDescription) =>
  createHaulout({ network, encoder, verifier: encoder });

/** Lets the kernel be compiled, which happens once. */
export async function warmUp(network: NetworkDescription, blobId: string): Promise<void> {
  await client(network).readRange(blobId, 0, 1);
}

/** A whole blob into memory, the committee included. */
export async function readWhole(
  network: NetworkDescription,
  blobId: string,
  sources: readonly BlobSource[] = [],
): Promise<{ readonly ms: number; readonly bytes: Uint8Array }> {
  const begin = performance.now();
  const bytes = await (await client(network).readBlob(blobId, { sources })).bytes();
  return { ms: performance.now() - begin, bytes };
}

/** How many of `count` reads by one client give exactly `expected`, and the median of their times. */
export async function readOften(
  network: NetworkDescription,
  blobId: string,
  expected: Uint8Array,
  count: number,
): Promise<{ readonly good: number; readonly medianMs: number }> {
  const reader = client(network);
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const begin = performance.now();
    const bytes = await (await reader.readBlob(blobId)).bytes().catch(() => undefined);
    if (bytes && Buffer.compare(bytes, expected) === 0) times.push(performance.now() - begin);
  }
  const medianMs = times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
  return { good: times.length, medianMs };
}

/** From the call to the first verified bytes, by a client that knows the committee. */
export async function firstByte(network: NetworkDescription, blobId: string, knownId: string) {
  const reader = client(network);
  await reader.readRange(knownId, 0, 1);
  const begin = performance.now();
  const { stream } = await reader.readBlob(blobId);
  const pieces = stream.getReader();
  await pieces.read();
  const ms = performance.now() - begin;
  await pieces.cancel();
  return ms;
}

export function readRange(
  network: NetworkDescription,
  blobId: string,
  begin: number,
  end: number,
): Promise<Uint8Array> {
  return client(network).readRange(blobId, begin, end);
}

/** A blob as a stream whose bytes go nowhere, and the most memory that this process took, in bytes over idle. */
export async function peakOf(network: NetworkDescription, blobId: string): Promise<number> {
  globalThis.gc?.();
  const idle = process.memoryUsage().rss;
  let peak = idle;
  const { stream } = await client(network).readBlob(blobId);
  for await (const _ of stream) peak = Math.max(peak, process.memoryUsage().rss);
  return peak - idle;
}
