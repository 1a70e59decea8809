import { useState } from 'react';
import { Action } from '../parts/action.tsx';
import { Icon } from '../parts/icon.tsx';
import { ScanQrCode } from '../parts/icons.ts';
import { later } from '../parts/later.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words.tsx';

const QrCamera = later(async () => (await import('./qr-camera.tsx')).QrCamera);

/** Reads a QR code with the camera; what for is loaded when it is asked for. @param take gets the text of the code */
export function ScanAction({ take }: { readonly take: (text: string) => void }) {
  const { say } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Action kind="quiet" onPress={() => setOpen(true)}>
        <Icon of={ScanQrCode} size={18} />
        {say('scan.action')}
      </Action>
      <Sheet title={say('scan.title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <QrCamera
          onRead={(text) => {
            setOpen(false);
            take(text);
          }}
        />
      </Sheet>
    </>
  );
}
