import { useState } from 'react';
import { saveFile } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';

/** Saves what is written down of all uploads, with their receipts. */
export function ExportAction() {
  const { engine } = useServices();
  const { say } = useWords();
  const [error, setError] = useState<unknown>();
  const save = async () => {
    setError(undefined);
    const text = await (await engine.engine()).exportUploads();
    saveFile('haulout-uploads.json', 'application/json', text);
  };
  return (
    <>
      <p className="hint">{say('settings.exportWhat')}</p>
      {error !== undefined && <TroubleCard error={error} />}
      <Action onPress={() => void save().catch(setError)}>{say('settings.export')}</Action>
    </>
  );
}
