import { isStale } from '../../flows/prepare-item.ts';
import type { JobSnapshot } from '../../flows/store/types.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { Action } from '../parts/action.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { ChooseAgain } from './choose-again.tsx';
import { howPaid, isElsewhere, isHalfCancelled, type Upload } from './upload.ts';

interface UploadTroubleProps {
  readonly upload: Upload;
  readonly snapshot: JobSnapshot;
}

/** Why an upload does not move, when it goes on by itself, and what the person can do meanwhile. */
export function UploadTrouble({ upload, snapshot }: UploadTroubleProps) {
  const { uploads } = useServices();
  const { say, formats } = useWords();
  const { jobId, condition } = snapshot;
  if (condition === undefined) return null;
  const { error } = condition;
  const retryWallMs = upload.seen?.retryWallMs;
  const tryNow = async () => {
    await uploads.pause(jobId); // ends the wait
    await uploads.resume(jobId);
  };
  return (
    <>
      <TroubleCard error={error} isPaid={howPaid(snapshot)} {...action()} />
      {retryWallMs !== undefined && (
        <p className="hint" data-retry>
          {say('upload.retry', { time: formats.time(retryWallMs) })}
        </p>
      )}
    </>
  );

  function action() {
    if (isElsewhere(upload) || upload.isCancelling) return {};
    if (isHalfCancelled(upload)) {
      const again = () => void uploads.cancel(jobId);
      return {
        action: () => (
          <Action kind="primary" onPress={again}>
            {say('cancel.again')}
          </Action>
        ),
      };
    }
    if (needsFile(error)) {
      return { action: (label: string) => <ChooseAgain jobId={jobId}>{label}</ChooseAgain> };
    }
    if (retryWallMs === undefined) return {};
    return { action: () => <Action onPress={tryNow}>{say('upload.tryNow')}</Action> };
  }
}

/** Whether the bytes have to be given once more. */
function needsFile(error: unknown): boolean {
  return (
    isStale(error) ||
    isHauloutError(error, 'source-missing') ||
    isHauloutError(error, 'source-differs')
  );
}
