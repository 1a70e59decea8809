import type { ReactNode } from 'react';
import { pickFiles } from '../drop/pick-files.ts';
import { Action } from '../parts/action.tsx';
import { useServices } from '../services.ts';

interface ChooseAgainProps {
  readonly jobId: string;
  readonly onGone?: () => void;
  readonly children: ReactNode;
}

/** Gives an upload the bytes that it needs once more; they are checked before anything is sent. */
export function ChooseAgain({ jobId, onGone, children }: ChooseAgainProps) {
  const { uploads } = useServices();
  const choose = async () => {
    const collected = await pickFiles({ multiple: true });
    const chosen: File[] = [];
    for await (const batch of collected?.batches ?? []) {
      chosen.push(...batch.map(({ file }) => file));
    }
    if (chosen.length === 0) return;
    await uploads.resume(jobId, chosen);
    if (uploads.upload(jobId)?.trouble === undefined) onGone?.();
  };
  return (
    <Action kind="primary" onPress={() => void choose()}>
      {children}
    </Action>
  );
}
