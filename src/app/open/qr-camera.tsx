import { useEffect, useRef, useState } from 'react';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import { type CameraTrouble, cameraTrouble, onShown } from './camera-door.ts';
import css from './qr-camera.module.css';
import { scanQr } from './scan-qr.ts';

const c = classesOf(css);

interface QrCameraProps {
  /** gets the text of the code */
  readonly onRead: (text: string) => void;
}

/** What the camera sees, until there is a QR code in it. It is off while nobody sees it. */
export function QrCamera({ onRead }: QrCameraProps) {
  const { say } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const read = useRef(onRead);
  read.current = onRead;
  const [isShown, setShown] = useState(true);
  const [trouble, setTrouble] = useState<CameraTrouble>();
  useEffect(() => onShown(setShown), []);
  useEffect(() => {
    const shown = video.current;
    if (!isShown || shown === null) return;
    const stop = new AbortController();
    scanQr(shown, stop.signal).then(
      (text) => !stop.signal.aborted && read.current(text),
      (error: unknown) => !stop.signal.aborted && setTrouble(cameraTrouble(error)),
    );
    return () => stop.abort();
  }, [isShown]);
  if (trouble !== undefined) {
    return (
      <p className="field-error" role="alert" data-camera={trouble}>
        {say(`scan.${trouble}`)}
      </p>
    );
  }
  return (
    <>
      <video ref={video} className={c('seen')} aria-label={say('scan.picture')} muted playsInline />
      <p className="hint">{say('scan.how')}</p>
    </>
  );
}
