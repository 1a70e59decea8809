/** Larger pictures are read at this size: a code needs no more, and a photo has many more. */
const MOST_PIXELS = 1600;

/** The text of the QR code in a picture; undefined if it shows none, or is no picture. */
export async function readQrFile(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture === undefined) return undefined;
  const scale = Math.min(1, MOST_PIXELS / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (pen === null) return undefined;
  pen.drawImage(picture, 0, 0, width, height);
  picture.close();
  const { readQr } = await import('../../presentation/read-qr.ts');
  return readQr(pen.getImageData(0, 0, width, height));
}
