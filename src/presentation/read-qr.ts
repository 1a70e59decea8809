import decodeQR, { type Image } from 'qr/decode.js';

/** So long it is tried to find a code in a picture that a person has chosen. */
const MOST_MS = 2_000;

/**
 * The text of the QR code in a picture.
 *
 * @param pixels RGBA
 * @param mostMs so long it is tried
 * @returns undefined if there is none that can be read
 */
export function readQr(pixels: Image, mostMs = MOST_MS): string | undefined {
  try {
    return decodeQR(pixels, { timeLimit: mostMs });
  } catch {
    return undefined; // so it says that there is none
  }
}
