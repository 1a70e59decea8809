const SIZE = 88; // device pixels of the shorter side: 44 CSS pixels on a dense screen
const MOST_IMAGE_BYTES = 60e6;
const LANES = 2;
const KEPT = 300;

type Maker = (file: File, signal: AbortSignal) => Promise<ImageBitmap>;

const kept = new Map<File, ImageBitmap>();
const waiting: (() => void)[] = [];
let running = 0;

/** Whether a small picture of this file can be tried. */
export function canPicture(file: File): boolean {
  return makerFor(file) !== undefined;
}

/**
 * Makes a small picture of an image or a video, a few at a time and not at all for rows that are gone by
 * then. Rejects where the browser cannot decode the file.
 */
export async function makeThumbnail(file: File, signal: AbortSignal): Promise<ImageBitmap> {
  const before = kept.get(file);
  if (before !== undefined) return before;
  const make = makerFor(file);
  if (make === undefined) throw new DOMException('no picture of this type', 'NotSupportedError');
  await takeLane();
  try {
    signal.throwIfAborted();
    const bitmap = await make(file, signal);
    keep(file, bitmap);
    return bitmap;
  } finally {
    running--;
    waiting.shift()?.();
  }
}

function makerFor(file: File): Maker | undefined {
  if (file.type.startsWith('image/') && file.type !== 'image/svg+xml') {
    return file.size <= MOST_IMAGE_BYTES ? fromImage : undefined;
  }
  return file.type.startsWith('video/') ? fromVideo : undefined;
}

async function takeLane(): Promise<void> {
  if (running >= LANES) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
}

/** Oldest pictures go first; a row that still shows one holds it by itself. */
function keep(file: File, bitmap: ImageBitmap): void {
  kept.set(file, bitmap);
  if (kept.size <= KEPT) return;
  for (const oldest of kept.keys()) {
    kept.delete(oldest);
    return;
  }
}

/** Decoded and scaled by the browser outside of the main thread. */
function fromImage(file: File): Promise<ImageBitmap> {
  return createImageBitmap(file, { resizeHeight: SIZE, resizeQuality: 'medium' });
}

async function fromVideo(file: File, signal: AbortSignal): Promise<ImageBitmap> {
  const url = URL.createObjectURL(file);
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.preload = 'auto';
    video.src = url;
    await settled(video, 'loadeddata', signal);
    // A little into the film: the first frame is often black.
    if (Number.isFinite(video.duration) && video.duration > 1) {
      video.currentTime = Math.min(1, video.duration / 10);
      await settled(video, 'seeked', signal);
    }
    return await createImageBitmap(video, { resizeHeight: SIZE, resizeQuality: 'medium' });
  } finally {
    video.removeAttribute('src');
    video.load();
    URL.revokeObjectURL(url);
  }
}

function settled(video: HTMLVideoElement, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new DOMException('no picture', 'EncodingError'));
    video.addEventListener(event, () => resolve(), { once: true });
    video.addEventListener('error', fail, { once: true });
    signal.addEventListener('abort', fail, { once: true });
  });
}
