import type { Axis } from '../../protocol/axis.ts';
import type { Disk, OpenFile } from '../disk/disk.ts';

const FOLDERS = { primary: 'p', secondary: 's' } as const;
const AXES = ['primary', 'secondary'] as const;

interface Held {
  metadata: boolean;
  readonly primary: Set<number>;
  readonly secondary: Set<number>;
}

/**
 * The slivers and metadata that one node has on its disk: `blobs/<blob ID>/meta`, `…/p/<pair>`, `…/s/<pair>`, all as
 * received. What is there is also known in memory; something counts as stored once it is safe on the disk.
 */
export class BlobStore {
  readonly #disk: Disk;
  readonly #held = new Map<string, Held>();
  #removals = 0;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** Learns what is on the disk. */
  async load(): Promise<void> {
    this.#held.clear();
    for (const blobId of await this.#disk.list('blobs')) {
      const names = await this.#disk.list(`blobs/${blobId}`);
      const held = this.#entry(blobId);
      held.metadata = names.includes('meta');
      for (const axis of AXES) {
        const pairs = await this.#disk.list(`blobs/${blobId}/${FOLDERS[axis]}`);
        for (const pair of pairs) held[axis].add(Number(pair));
      }
    }
  }

  hasMetadata(blobId: string): boolean {
    return this.#held.get(blobId)?.metadata === true;
  }

  has(blobId: string, axis: Axis, pair: number): boolean {
    return this.#held.get(blobId)?.[axis].has(pair) === true;
  }

  /** Pairs of which this axis is stored, ascending. */
  pairs(blobId: string, axis: Axis): number[] {
    return [...(this.#held.get(blobId)?.[axis] ?? [])].sort((a, b) => a - b);
  }

  blobs(): string[] {
    return [...this.#held.keys()];
  }

  async metadata(blobId: string): Promise<Uint8Array | undefined> {
    if (!this.hasMetadata(blobId)) return undefined;
    return this.#disk.read(`blobs/${blobId}/meta`);
  }

  async sliver(blobId: string, axis: Axis, pair: number): Promise<Uint8Array | undefined> {
    if (!this.has(blobId, axis, pair)) return undefined;
    return this.#disk.read(pathOf(blobId, axis, pair));
  }

  async openSliver(blobId: string, axis: Axis, pair: number): Promise<OpenFile | undefined> {
    if (!this.has(blobId, axis, pair)) return undefined;
    return this.#disk.open(pathOf(blobId, axis, pair));
  }

  async putMetadata(blobId: string, bytes: Uint8Array): Promise<void> {
    await this.#write(`blobs/${blobId}/meta`, bytes);
    this.#entry(blobId).metadata = true;
  }

  async putSliver(blobId: string, axis: Axis, pair: number, bytes: Uint8Array): Promise<void> {
    await this.#write(pathOf(blobId, axis, pair), bytes);
    this.#entry(blobId)[axis].add(pair);
  }

  /** Writes again what a removal may have taken with it before anybody was told that it is there. */
  async #write(path: string, bytes: Uint8Array): Promise<void> {
    let before: number;
    do {
      before = this.#removals;
      await this.#disk.write(path, bytes);
    } while (before !== this.#removals);
  }

  async removePair(blobId: string, pair: number): Promise<void> {
    for (const axis of AXES) {
      if (this.#held.get(blobId)?.[axis].delete(pair)) {
        await this.#disk.remove(pathOf(blobId, axis, pair));
      }
    }
  }

  async removeBlob(blobId: string): Promise<void> {
    this.#held.delete(blobId);
    await this.#disk.remove(`blobs/${blobId}`);
    this.#held.delete(blobId); // again: an upload may have ended just before
    this.#removals += 1;
  }

  /** Removes everything. */
  async wipe(): Promise<void> {
    await this.#disk.remove('blobs');
    this.#held.clear(); // afterwards: an upload may have ended just before
    this.#removals += 1;
  }

  get usage(): { blobs: number; slivers: number } {
    let slivers = 0;
    for (const { primary, secondary } of this.#held.values()) {
      slivers += primary.size + secondary.size;
    }
    return { blobs: this.#held.size, slivers };
  }

  #entry(blobId: string): Held {
    let held = this.#held.get(blobId);
    if (held === undefined) {
      held = { metadata: false, primary: new Set(), secondary: new Set() };
      this.#held.set(blobId, held);
    }
    return held;
  }
}

function pathOf(blobId: string, axis: Axis, pair: number): string {
  return `blobs/${blobId}/${FOLDERS[axis]}/${pair}`;
}
