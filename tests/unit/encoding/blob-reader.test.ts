import { openAsBlob } from 'node:fs';
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkStamp, openReader, stampOf } from '../../../src/encoding/blob-reader.ts';
import { createEncoder } from '../../../src/index.ts';
import { Hold } from '../../../src/protocol/hold.ts';
import { expectCode, rejection } from '../../support/encoder-contract.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulout-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A real file, seen as browsers give files to pages. */
async function fileOf(name: string, bytes: number) {
  const path = join(folder, name);
  await writeFile(path, new Uint8Array(bytes).fill(9));
  return { path, blob: await openAsBlob(path) };
}

describe('openReader', () => {
  it('gives the bytes of a range, of a Blob and of bytes', async () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    for (const source of [bytes, new Blob([bytes])]) {
      expect(await openReader(source, false).read(17, 900)).toEqual(bytes.subarray(17, 900));
    }
  });

  it('tells a file that changed from one that could never be read', async () => {
    const { path, blob } = await fileOf('grows', 5000);
    const reader = openReader(blob, false);
    await reader.read(0, 100);
    await appendFile(path, 'more');
    expectCode(await rejection(reader.read(100, 200)), 'file-changed');
    const gone = await fileOf('gone', 10);
    await rm(gone.path);
    expectCode(await rejection(openReader(gone.blob, false).read(0, 10)), 'file-unreadable');
  });
});

describe('openReader, when the browser refuses', () => {
  /** Refuses with an error of the browser, after it was read so many times. */
  class Refusing extends Blob {
    readonly #name: string;
    #readsLeft: number;

    constructor(name: string, reads: number) {
      super([new Uint8Array(10)]);
      this.#name = name;
      this.#readsLeft = reads;
    }

    override slice(begin?: number, end?: number): Blob {
      const part = super.slice(begin, end);
      if (this.#readsLeft-- > 0) return part;
      const refuse = async () => {
        throw new DOMException('', this.#name);
      };
      return Object.assign(part, { arrayBuffer: refuse });
    }
  }

  it.each([
    ['NotFoundError', 'file-gone', 'file-gone'],
    ['NotReadableError', 'file-unreadable', 'file-changed'],
    ['NotAllowedError', 'file-unreadable', 'file-unreadable'],
    ['AbortError', 'file-unreadable', 'file-unreadable'], // Firefox, of a file that is gone
  ])('tells %s at first from later: %s, %s', async (name, first, later) => {
    expectCode(await rejection(openReader(new Refusing(name, 0), false).read(0, 5)), first);
    const reader = openReader(new Refusing(name, 1), false);
    await reader.read(0, 5);
    expectCode(await rejection(reader.read(5, 10)), later);
    expectCode(await rejection(openReader(new Refusing(name, 0), true).read(0, 5)), later);
  });
});

describe('checkStamp', () => {
  it('notices another size and another date', () => {
    const file = (bytes: number, lastModified: number) =>
      new File([new Uint8Array(bytes)], 'a', { lastModified });
    const before = stampOf(file(5, 1000));
    checkStamp(file(5, 1000), before);
    expect(() => checkStamp(file(6, 1000), before)).toThrow('changed');
    expect(() => checkStamp(file(5, 1001), before)).toThrow('changed');
  });
});

describe('computeBlobId', () => {
  it('fails with a typed error when the file shrinks while it is read', async () => {
    const { path, blob } = await fileOf('shrinks', 8_000_000);
    const encoder = createEncoder({ memoryBytes: 1_000_000 });
    let cut = false;
    const onProgress = async () => {
      if (!cut) await truncate(path, 4_000_000);
      cut = true;
    };
    const work = encoder.computeBlobId(blob, { shardCount: 100, onProgress });
    const error = await rejection(work);
    expect(['file-changed', 'file-unreadable']).toContain((error as { code?: string }).code);
    encoder.close();
  });
});

describe('a file that changes while it is held back', () => {
  it('has changed, whoever reads on, and is not unreadable', async () => {
    const { path, blob } = await fileOf('held', 8_000_000);
    const encoder = createEncoder({ memoryBytes: 1_000_000 });
    const hold = new Hold();
    const slice = blob.slice.bind(blob);
    let reads = 0;
    const begun = new Promise<void>((resolve) => {
      blob.slice = (...range) => {
        reads += 1;
        if (reads === 6) {
          hold.set(true);
          resolve();
        }
        return slice(...range);
      };
    });
    const work = encoder.computeBlobId(blob, { shardCount: 100, hold });
    work.catch(() => undefined); // looked at below
    await begun;
    await new Promise((resolve) => setTimeout(resolve, 50)); // threads leave between two steps
    await appendFile(path, 'more');
    hold.set(false);
    expectCode(await rejection(work), 'file-changed');
    // So it has for those who start again from zero.
    const again = encoder.computeBlobId(blob, { shardCount: 100 });
    expectCode(await rejection(again), 'file-changed');
    encoder.close();
  });
});

describe('a file that the browser does not watch', () => {
  /** Gives `before`, and `after` from one moment on, as files do in Firefox. */
  class Rewritten extends Blob {
    readonly #after: Blob;
    #readsLeft: number;

    constructor(before: Uint8Array<ArrayBuffer>, after: Uint8Array<ArrayBuffer>, reads: number) {
      super([before]);
      this.#after = new Blob([after]);
      this.#readsLeft = reads;
    }

    override slice(begin?: number, end?: number): Blob {
      const isOld = this.#readsLeft-- > 0;
      return isOld ? super.slice(begin, end) : this.#after.slice(begin, end);
    }
  }

  const before = Uint8Array.from({ length: 6_000 }, (_, i) => i * 31);
  const moved = before.toReversed();
  const changed = before.with(5_999, 1);
  const options = { shardCount: 10 };

  it('is not given an ID of bytes that it never had', async () => {
    const encoder = createEncoder({ memoryBytes: 3_000 });
    const idOf = async (source: Blob | Uint8Array) =>
      (await encoder.computeBlobId(source, options)).blobId;
    const oldId = await idOf(before);
    for (const after of [moved, changed]) {
      const outcomes = new Set<string>();
      // Later and later, until the file is read to its end before it changes.
      for (let oldReads = 0; !outcomes.has(oldId); oldReads += 3) {
        const source = new Rewritten(before, after, oldReads);
        outcomes.add(await idOf(source).catch((error) => error.code));
      }
      expect([...outcomes].sort()).toEqual(['file-changed', oldId, await idOf(after)].sort());
    }
    encoder.close();
  });
});
