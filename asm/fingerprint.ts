/** Bits all over. */
const STEP: u32 = 0x9e3779b1;

/**
 * A sum over the 32-bit words of a blob, each weighted by its place, taken over a piece of it. The sums of
 * all pieces together, cut to 32 bits, are the same however the blob was cut. An odd weight lets no change
 * of a single word pass; nothing here protects against anybody who means to deceive.
 *
 * @param bytes even
 * @param word index in the blob of the word in which the piece begins
 * @param isUpper 1 if it begins with the upper half of that word
 */
export function fingerprint(ptr: usize, bytes: usize, word: u32, isUpper: u32): u32 {
  const end = ptr + bytes;
  let weight = STEP * word;
  let sum: u32 = 0;
  if (isUpper && ptr < end) {
    sum = ((<u32>load<u16>(ptr)) << 16) * (weight | 1);
    weight += STEP;
    ptr += 2;
  }
  for (; ptr + 4 <= end; ptr += 4) {
    sum += load<u32>(ptr) * (weight | 1);
    weight += STEP;
  }
  return ptr < end ? sum + <u32>load<u16>(ptr) * (weight | 1) : sum;
}
