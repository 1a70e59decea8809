/** Larger pictures are read at this size: a code needs no more, and a photo has many more. */
const MOST_PIXELS = 1600;

/** The text of the QR code in a picture; undefined if it shows none, or is no picture. */
export async function readQrFile(file: Blob): Promise<string | undefined> {
  const picture = await createImageBitmap(file).catch(() => undefined);
  if (picture === undefined) return undefined;
  try {
    return await readPixels(picture, picture, { mostPixels: MOST_PIXELS });
  } finally {
    picture.close();
  }
}

/** The text of the QR code in whatever can be drawn. @param size of it */
export async function readPixels(
  picture: ImageBitmap | HTMLVideoElement,
  size: { readonly width: number; readonly height: number },
  { mostPixels, mostMs }: { readonly mostPixels: number; readonly mostMs?: number },
): Promise<string | undefined> {
  const scale = Math.min(1, mostPixels / Math.max(size.width, size.height));
  const width = Math.max(1, Math.round(size.width * scale));
  const height = Math.max(1, Math.round(size.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext('2d');
  if (pen === null) return undefined;
  pen.drawImage(picture, 0, 0, width, height);
  const { readQr } = await import('../../presentation/read-qr.ts');
  return readQr(pen.getImageData(0, 0, width, height), mostMs);
}
