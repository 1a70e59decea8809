/**
 * All pieces as one array, which is made once the first of them is there: a range that is refused takes no memory.
 *
 * @throws Error if they are not `length` bytes
 */
export async function joined(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  let bytes = new Uint8Array();
  let at = 0;
  for await (const piece of pieces) {
    if (at === 0) bytes = new Uint8Array(length);
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at !== length) throw new Error(`${at} bytes came, not ${length}`);
  return bytes;
}
