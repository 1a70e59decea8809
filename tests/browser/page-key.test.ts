import { p256 } from '@noble/curves/nist.js';
import { openDB } from 'idb';
import { expect, it } from 'vitest';
import { createPageKey, openPageKey, type StoredPageKey } from '../../src/chain/page-key-door.ts';

it('a page key signs after it was in the database, and cannot be taken out of it', async () => {
  const made = await createPageKey();
  const database = await openDB('page-key-test', 1, {
    upgrade: (db) => db.createObjectStore('keys'),
  });
  await database.put('keys', made, 'one');
  const kept: StoredPageKey = await database.get('keys', 'one');
  database.close();
  const { publicKey, sign } = openPageKey(kept);
  expect(publicKey).toEqual(made.publicKey);
  const digest = new Uint8Array(32).fill(3);
  const signature = await sign(digest);
  expect(p256.verify(signature, digest, publicKey, { lowS: false })).toBe(true);
  await expect(crypto.subtle.exportKey('jwk', kept.privateKey)).rejects.toThrow();
});
