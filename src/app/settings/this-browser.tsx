import { useEffect, useState } from 'react';
import { forgetDevice, keptBytes } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { Sheet } from '../parts/sheet.tsx';
import { useServices } from '../services.ts';
import { isUnpaid } from '../uploads/upload.ts';
import { useUploads } from '../uploads/use-uploads.ts';
import { useWords } from '../words.tsx';

/** What this browser keeps, and how all of it is removed: not while an upload still needs it. */
export function ThisBrowser() {
  const { say, formats } = useWords();
  const { uploads } = useServices();
  const { uploads: known, isRead } = useUploads();
  const [bytes, setBytes] = useState<number>();
  const [isAsking, setAsking] = useState(false);
  useEffect(() => void keptBytes().then(setBytes), []);
  useEffect(() => {
    if (isAsking) void uploads.read();
  }, [isAsking, uploads]);
  const open = known.filter(({ stored, cancelled, found }) => {
    return !stored && !cancelled && !(found && isUnpaid(found));
  }).length;
  return (
    <div className="card">
      <h2>{say('settings.browser')}</h2>
      {bytes !== undefined && <p>{say('settings.used', { size: formats.bytes(bytes) })}</p>}
      <Action onPress={() => setAsking(true)}>{say('settings.forget')}</Action>
      <Sheet title={say('settings.forget')} isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>{open > 0 ? say('settings.forgetOpen', { n: open }) : say('settings.forgetWhat')}</p>
        <Action isDisabled={!isRead || open > 0} onPress={() => void forgetDevice()}>
          {say('settings.forgetDo')}
        </Action>
      </Sheet>
    </div>
  );
}
