import { clock } from '../doors.ts';
import { openCamera, ownDetector } from './camera-door.ts';
import { readPixels } from './read-qr-file.ts';

/** Between two looks. */
const PAUSE_MS = 100;
/** A code that is held to a camera fills a good part of the picture. */
const MOST_PIXELS = 720;
/** So long one look may take: the next picture may be a better one. */
const LOOK_MS = 120;

/**
 * Shows what the camera sees until there is a QR code in it.
 *
 * @param video where it is shown
 * @returns the text of the code
 * @throws as browsers do, if there is no picture; whatever it throws after `signal` means nothing
 */
export async function scanQr(video: HTMLVideoElement, signal: AbortSignal): Promise<string> {
  const camera = await openCamera();
  const close = () => {
    camera.close();
    if (video.srcObject === camera.stream) video.srcObject = null; // else another look has begun
  };
  if (signal.aborted) close(); // while the person was asked
  signal.throwIfAborted();
  signal.addEventListener('abort', close, { once: true });
  try {
    video.srcObject = camera.stream;
    await video.play();
    const look = await reader();
    for (;;) {
      const text = await look(video);
      signal.throwIfAborted();
      if (text !== undefined) return text;
      if (camera.isGone()) throw new DOMException('it was taken away', 'NotFoundError');
      await clock.sleep(PAUSE_MS, signal);
    }
  } finally {
    signal.removeEventListener('abort', close);
    if (!signal.aborted) close();
  }
}

type Look = (video: HTMLVideoElement) => Promise<string | undefined>;

async function reader(): Promise<Look> {
  const detector = await ownDetector().catch(() => undefined);
  const ours: Look = async (video) => {
    const { videoWidth: width, videoHeight: height } = video;
    const limits = { mostPixels: MOST_PIXELS, mostMs: LOOK_MS };
    return width === 0 ? undefined : readPixels(video, { width, height }, limits);
  };
  if (detector === undefined) return ours;
  return async (video) => {
    try {
      const codes = await detector.detect(video);
      return codes.find(({ rawValue }) => rawValue !== '')?.rawValue; // bytes that are no text are none
    } catch {
      return ours(video); // some have it, and have nothing behind it
    }
  };
}
