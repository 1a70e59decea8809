import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Disk } from '../../../../src/devnet/disk/disk.ts';
import { FileDisk } from '../../../../src/devnet/disk/file-disk-door.ts';
import { MemoryDisk } from '../../../../src/devnet/disk/memory-disk.ts';
import { NodeFleet } from '../../../../src/devnet/fleet.ts';
import {
  encodedBlob,
  expectFailure,
  NodeCalls,
  register,
  sliverOf,
} from '../../../support/devnet/node-calls.ts';
import { fleetOptions, settled, startFleet } from '../../../support/devnet/test-fleet.ts';

let folder: string | undefined;
afterEach(() => {
  if (folder !== undefined) rmSync(folder, { recursive: true });
  folder = undefined;
});
const newFolder = () => {
  folder = mkdtempSync(join(tmpdir(), 'nodes-'));
  return folder;
};

const disks: [string, () => Disk][] = [
  ['in memory', () => new MemoryDisk()],
  ['in files, synced', () => new FileDisk(newFolder())],
  ['in files', () => new FileDisk(newFolder(), { durability: 'relaxed' })],
];

describe.each(disks)('a node with a disk %s', (_, makeDisk) => {
  it('comes back with all that it answered for, in the middle of an upload', async () => {
    const disk = makeDisk();
    const { fleet } = await startFleet({ disk });
    const blob = await encodedBlob(4_000);
    await register(fleet, blob);
    const node = new NodeCalls(fleet);
    const [first, ...rest] = node.pairs(blob);
    await node.putMetadata(blob);
    await node.putSliver(blob, 'primary', first as number);
    await node.putSliver(blob, 'secondary', first as number);
    await fleet.slot(0).restart();
    await settled(fleet);
    expect((await node.putMetadata(blob)).status).toBe(200);
    expect((await node.putSliver(blob, 'primary', first as number)).status).toBe(200);
    await expectFailure(await node.confirm(blob), 400, 'FAILED_PRECONDITION', 'MISSING_SLIVERS');
    for (const pair of rest) {
      expect((await node.putSliver(blob, 'primary', pair)).status).toBe(201);
      expect((await node.putSliver(blob, 'secondary', pair)).status).toBe(201);
    }
    expect((await node.confirm(blob)).status).toBe(200);
  });

  it('starts in another process as it was', async () => {
    const disk = makeDisk();
    const { fleet } = await startFleet({ disk });
    const blob = await encodedBlob(4_000);
    await register(fleet, blob);
    await new NodeCalls(fleet).upload(blob);
    await fleet.stop();
    const later = new NodeFleet(await fleetOptions({ disk }));
    await later.start();
    const node = new NodeCalls(later);
    const pair = node.pairs(blob)[0] as number;
    const sliver = new Uint8Array(
      await (await node.getSliver(blob, 'primary', pair)).arrayBuffer(),
    );
    expect(Buffer.compare(sliver, sliverOf(blob, 'primary', pair))).toBe(0);
    expect((await node.confirm(blob)).status).toBe(200);
    expect(later.slot(0).node?.core.shards.all()).toHaveLength(3);
  });
});

describe('what a crash leaves in the folder', () => {
  it('is a cut line or a temporary file, and does no harm', async () => {
    const root = newFolder();
    const disk = new FileDisk(root);
    const { fleet } = await startFleet({ disk });
    const blob = await encodedBlob(1_000);
    await register(fleet, blob);
    await new NodeCalls(fleet).upload(blob);
    await fleet.stop();
    const home = join(root, 'nodes', fleet.slot(0).identity.nodeId);
    appendFileSync(join(home, 'chain.jsonl'), '{"type":"registered","blobId":"half');
    writeFileSync(join(home, 'blobs', blob.blobId, 'p', '.7.tmp'), 'half');
    const later = new NodeFleet(await fleetOptions({ disk: new FileDisk(root) }));
    await later.start();
    expect(readFileSync(join(home, 'chain.jsonl'), 'utf8').endsWith('\n')).toBe(true);
    expect((await new NodeCalls(later).confirm(blob)).status).toBe(200);
    const next = await encodedBlob(900, 2);
    await register(later, next);
    await later.stop();
    const last = new NodeFleet(await fleetOptions({ disk: new FileDisk(root) }));
    await last.start();
    expect((await new NodeCalls(last).putMetadata(next)).status).toBe(201);
  });

  it('has the layout that was agreed', async () => {
    const root = newFolder();
    const { fleet } = await startFleet({ disk: new FileDisk(root) });
    const blob = await encodedBlob(1_000);
    await register(fleet, blob);
    const node = new NodeCalls(fleet);
    await node.upload(blob);
    const home = join(root, 'nodes', fleet.slot(0).identity.nodeId);
    expect(readdirSync(home).sort()).toEqual(['blobs', 'chain.jsonl', 'shards.json']);
    const pairs = node.pairs(blob).map(String).sort();
    for (const axis of ['p', 's']) {
      expect(readdirSync(join(home, 'blobs', blob.blobId, axis)).sort()).toEqual(pairs);
    }
    const meta = readFileSync(join(home, 'blobs', blob.blobId, 'meta'));
    expect(Buffer.compare(meta, blob.metadata)).toBe(0);
  });
});

describe('a folder disk', () => {
  it('refuses paths that lead out of it', async () => {
    const disk = new FileDisk(newFolder());
    for (const path of ['../x', 'a/../../x', '/etc/passwd', 'a\0b']) {
      await expect(disk.read(path)).rejects.toThrow(/not a path inside/);
      await expect(disk.write(path, new Uint8Array())).rejects.toThrow(/not a path inside/);
    }
  });
});

describe.each(disks)('a disk %s', (_, makeDisk) => {
  it('keeps files', async () => {
    const disk = makeDisk();
    const bytes = (text: string) => new TextEncoder().encode(text);
    expect(await disk.read('a/b')).toBeUndefined();
    expect(await disk.open('a/b')).toBeUndefined();
    expect(await disk.list('a')).toEqual([]);
    await disk.write('a/b', bytes('one'));
    await disk.write('a/b', bytes('second'));
    await disk.append('a/c', bytes('x'));
    await disk.append('a/c', bytes('y'));
    await disk.write('a/d/e', bytes('deep'));
    expect(Buffer.from((await disk.read('a/b')) ?? []).toString()).toBe('second');
    expect(Buffer.from((await disk.read('a/c')) ?? []).toString()).toBe('xy');
    expect(await disk.list('a')).toEqual(['b', 'c', 'd']);
    const file = await disk.open('a/b');
    expect(file?.bytes).toBe(6);
    expect(Buffer.from((await file?.read(1, 4)) ?? []).toString()).toBe('eco');
    expect((await file?.read(4, 99))?.length).toBe(2);
    await file?.close();
    await disk.remove('a/d');
    await disk.remove('a/nothing');
    expect(await disk.list('a')).toEqual(['b', 'c']);
    await disk.remove('a');
    expect(await disk.list('a')).toEqual([]);
    await disk.write('a/d/e', bytes('again'));
    expect(await disk.list('a/d')).toEqual(['e']);
  });
});
