import { useState } from 'react';
import { visibleName } from '../../presentation/names.ts';
import { Action } from '../parts/action.tsx';
import { Icon } from '../parts/icon.tsx';
import { QrCode as QrIcon } from '../parts/icons.ts';
import { later } from '../parts/later.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useWords } from '../words.tsx';

const QrCode = later(async () => (await import('./qr-code.tsx')).QrCode);

/** Shows a link as a QR code; drawn when it is asked for. */
export function QrAction({ link, name }: { readonly link: string; readonly name: string }) {
  const { say } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Action
        kind="quiet"
        aria-label={say('qr.show', { name: visibleName(name) })}
        onPress={() => setOpen(true)}
      >
        <Icon of={QrIcon} size={18} />
        {say('qr.title')}
      </Action>
      <Sheet title={say('qr.title')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <QrCode link={link} name={visibleName(name)} />
      </Sheet>
    </>
  );
}
