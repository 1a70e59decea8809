/**
 * All pieces as one `Blob`. Each is given away when it comes, so that a browser keeps on its disk what is too much for
 * its memory.
 */
export async function heldBlob(pieces: AsyncIterable<Uint8Array>): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const piece of pieces) parts.push(new Blob([piece as Uint8Array<ArrayBuffer>]));
  return new Blob(parts);
}
