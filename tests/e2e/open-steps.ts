import type { ServedNetwork } from '../../src/devnet/served-network.ts';
import type { StoredFile } from '../../src/index.ts';
import { drawQr } from '../../src/presentation/qr-code.ts';
import { expect } from './fixtures.ts';
import { storedBytes } from './store-steps.ts';
import { bitmap, storeFiles } from './stored.mjs';

/** Stores files as a program would; each is there for readers when it returns. */
export async function store(
  local: ServedNetwork,
  files: readonly Buffer[],
  deletable = false,
): Promise<readonly StoredFile[]> {
  const stored = await storeFiles(local, files, deletable);
  for (const { blobId, error } of stored) {
    expect(error).toBeUndefined();
    await storedBytes(local, blobId);
  }
  return stored;
}

/** Nodes up to a third of the shares give slivers that are wrong, and so does the aggregator. */
export async function haveLiars({ network }: ServedNetwork): Promise<void> {
  const match = { route: 'sliver', method: 'GET' } as const;
  await network.nodes[0]?.setFaults([{ match, action: { type: 'corrupt', where: 'data' } }]);
  await network.services.aggregator.setFaults([{ action: { type: 'corrupt' } }]);
}

/** A picture of the QR code of a text. */
export function qrPicture(text: string): Buffer {
  const { path, size } = drawQr(text);
  const dark = new Set<string>();
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let at = Number(x); at < Number(x) + Number(length); at++) dark.add(`${at} ${y}`);
  }
  const at = (pixel: number) => Math.floor(pixel / 4);
  return bitmap(size * 4, (x: number, y: number) => (dark.has(`${at(x)} ${at(y)}`) ? 0 : 255));
}
