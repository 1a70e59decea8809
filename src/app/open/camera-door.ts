/** Why there is no picture of a camera. */
export type CameraTrouble = 'refused' | 'none' | 'busy';

const TROUBLES: Readonly<Record<string, CameraTrouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotReadableError: 'busy',
  AbortError: 'busy',
};

/** Where a device has several, the one that looks away from the person. */
const WANTED: MediaStreamConstraints = {
  video: { facingMode: 'environment', width: { ideal: 1280 } },
  audio: false,
};

export interface OpenedCamera {
  readonly stream: MediaStream;
  /** whether it was taken away */
  isGone(): boolean;
  close(): void;
}

/** Opens the camera; the browser asks the person, who may take as long as they like. @throws as browsers do */
export async function openCamera(): Promise<OpenedCamera> {
  const stream = await navigator.mediaDevices.getUserMedia(WANTED);
  const tracks = stream.getTracks();
  return {
    stream,
    isGone: () => tracks.every(({ readyState }) => readyState === 'ended'),
    close: () => tracks.forEach((track) => void track.stop()),
  };
}

/** What went wrong with a camera, by the error that the browser gave. */
export function cameraTrouble(error: unknown): CameraTrouble {
  return (error instanceof DOMException && TROUBLES[error.name]) || 'none';
}

/** Calls `listener` whenever the page is shown or hidden, and says now whether it is shown. @returns ends it */
export function onShown(listener: (isShown: boolean) => void): () => void {
  const tell = () => listener(document.visibilityState === 'visible');
  document.addEventListener('visibilitychange', tell);
  tell();
  return () => document.removeEventListener('visibilitychange', tell);
}

type Pictured = HTMLVideoElement;

interface Detector {
  detect(source: Pictured): Promise<readonly { readonly rawValue: string }[]>;
}

interface DetectorClass {
  new (o: { readonly formats: readonly string[] }): Detector;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** What some browsers have to find QR codes; undefined where they have it not. */
export async function ownDetector(): Promise<Detector | undefined> {
  const made = Reflect.get(globalThis, 'BarcodeDetector') as DetectorClass | undefined;
  const formats = (await made?.getSupportedFormats().catch(() => undefined)) ?? [];
  return made && formats.includes('qr_code') ? new made({ formats: ['qr_code'] }) : undefined;
}
