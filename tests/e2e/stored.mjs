/** Files that are stored without a page, by the built library, as a program would. */
import { join } from 'node:path';
import { Ed25519Keypair } from '@mysten/sui/keypairs/ed25519';
import { libraryFolder } from '../../src/tooling/paths.mjs';

/**
 * A picture that any browser shows, with pixels of its own, so that no two are the same blob.
 *
 * @param {number} seed
 */
export function picture(seed, side = 120) {
  return bitmap(side, (x, y, colour) => {
    const wave = Math.sin((x + seed) / 17) + Math.cos(y / 11 + seed);
    return 120 + 30 * colour + Math.round(25 * wave) + (y < side / 3 ? 0 : 20);
  });
}

/**
 * @param {number} side in pixels, a multiple of four
 * @param {(x: number, y: number, colour: number) => number} shade 0 to 255; y from the top
 */
export function bitmap(side, shade) {
  const head = Buffer.alloc(54);
  head.write('BM');
  head.writeUInt32LE(54 + side * side * 3, 2);
  head.writeUInt32LE(54, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(side, 18);
  head.writeInt32LE(side, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(24, 28);
  const pixels = Buffer.alloc(side * side * 3);
  for (let at = 0; at < pixels.length; at++) {
    const [colour, x, y] = [at % 3, Math.floor(at / 3) % side, Math.floor(at / 3 / side)];
    pixels[at] = shade(x, side - 1 - y, colour);
  }
  return Buffer.concat([head, pixels]);
}

/**
 * Stores files; the storage nodes may hear of it a little later.
 *
 * @param {import('../../src/devnet/served-network.ts').ServedNetwork} local
 * @param {readonly Buffer[]} files
 * @returns {Promise<readonly import('../../src/index.ts').StoredFile[]>}
 */
export async function storeFiles({ description }, files, deletable = false) {
  /** @type {typeof import('../../src/index.ts')} */
  const { createHaulout, keypairWallet } = await import(join(libraryFolder, 'index.js'));
  const [account] = description.accounts;
  if (account === undefined) throw new Error('nobody can pay');
  const wallet = keypairWallet(Ed25519Keypair.fromSecretKey(account.secretKey));
  const client = createHaulout({ network: description, wallet });
  const sources = files.map((bytes) => new Blob([Uint8Array.from(bytes)]));
  const quote = await client.quote(sources, { epochs: 3, deletable, path: 'direct' });
  return client.store(quote).result();
}
