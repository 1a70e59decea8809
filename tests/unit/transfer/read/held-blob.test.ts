import { expect, it } from 'vitest';
import { heldBlob } from '../../../../src/transfer/read/held-blob.ts';

it('gives each piece away when it comes: its memory may be used again', async () => {
  const memory = new Uint8Array(3);
  async function* pieces() {
    for (const letter of ['a', 'b', 'c']) yield memory.fill(letter.charCodeAt(0));
  }
  const blob = await heldBlob(pieces());
  expect(await blob.text()).toBe('aaabbbccc');
  expect(await blob.slice(2, 4).text()).toBe('ab');
});
