import type { JobSnapshot } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Pause, Play } from '../parts/icons.ts';
import { ProgressLine } from '../parts/progress-line.tsx';
import { SlowChain } from '../parts/slow-chain.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { CancelAction } from './cancel-action.tsx';
import { CancellingLine } from './cancelling-line.tsx';
import { MoneyLine } from './money-line.tsx';
import { SendingLine } from './sending-line.tsx';
import { TakeOver } from './take-over.tsx';
import { howPaid, isElsewhere, isHalfCancelled, type Upload } from './upload.ts';
import css from './upload-head.module.css';
import { progressOf } from './upload-progress.ts';
import { UploadTrouble } from './upload-trouble.tsx';
import { useDoneNotice } from './use-done-notice.ts';
import { useOnline } from './use-online.ts';

const c = classesOf(css);

interface UploadHeadProps {
  readonly upload: Upload;
  readonly snapshot: JobSnapshot;
}

/** Nothing but an answer of the chain is missing. */
const ASKS_CHAIN: readonly JobSnapshot['state'][] = ['settling', 'certifying'];

/** The batch in one sentence, how far it is, and what can be done. */
export function UploadHead({ upload, snapshot }: UploadHeadProps) {
  const { uploads } = useServices();
  const { say, formats } = useWords();
  const notice = useDoneNotice(upload);
  const isOnline = useOnline();
  const { jobId, state, isPaused } = snapshot;
  const progress = progressOf(snapshot);
  const isSending = state === 'uploading' && !upload.isCancelling;
  const isHalf = isHalfCancelled(upload);
  const isTold =
    isHauloutError(upload.trouble) && upload.trouble.code === snapshot.condition?.error.code;
  const mustCertify = state === 'awaiting-certify';
  const mustWait =
    isPaused || mustCertify || (upload.seen?.isOver === true && upload.cancelled === undefined);
  return (
    <section className={`card ${c('head')}`} aria-label={say('upload.label')}>
      <p className={c('sentence')} data-state={state}>
        {upload.isCancelling
          ? say('upload.givingUp')
          : isSending && isPaused
            ? say('upload.paused')
            : isSending && progress.quorum === 0
              ? say('upload.sending') // a relay tells no shares, and nodes are not known at once
              : say(`state.${state}` satisfies MessageKey, {
                  have: formats.count(progress.held),
                  need: formats.count(progress.quorum),
                })}
      </p>
      {isSending && (
        <>
          <ProgressLine
            label={say('upload.progress')}
            share={progress.share}
            text={formats.percent(progress.share)}
            tone={isPaused || !isOnline ? 'held' : 'work'}
          />
          <SendingLine snapshot={snapshot} progress={progress} sleptMs={upload.sleptMs} />
          {notice.isWanted && <p className="hint">{say('notice.wanted')}</p>}
        </>
      )}
      <MoneyLine snapshot={snapshot} />
      {isHalf && <p>{say('found.givenUp')}</p>}
      {upload.isCancelling ? (
        <CancellingLine paid={snapshot.paid} />
      ) : (
        ASKS_CHAIN.includes(state) && <SlowChain key={state} />
      )}
      <UploadTrouble upload={upload} snapshot={snapshot} />
      {upload.trouble !== undefined && !isTold && (
        <TroubleCard error={upload.trouble} isPaid={howPaid(snapshot)} />
      )}
      {isElsewhere(upload) ? (
        <div className={c('actions')}>
          <TakeOver jobId={jobId} />
        </div>
      ) : isHalf || upload.isCancelling ? null : upload.cancelled === undefined &&
        state !== 'cancelled' ? (
        <div className={c('actions')}>
          {mustWait ? (
            <Action kind="primary" onPress={() => void uploads.resume(jobId)}>
              <Icon of={Play} size={18} />
              {say(mustCertify ? 'upload.certify' : 'upload.resume')}
            </Action>
          ) : (
            isSending && (
              <Action onPress={() => void uploads.pause(jobId)}>
                <Icon of={Pause} size={18} />
                {say('upload.pause')}
              </Action>
            )
          )}
          {isSending && notice.isOffered && (
            <Action kind="quiet" onPress={notice.want}>
              {say('notice.ask')}
            </Action>
          )}
          <CancelAction snapshot={snapshot} />
        </div>
      ) : (
        upload.cancelled !== undefined && (
          <p data-cancelled={upload.cancelled.meaning}>
            {say(`cancelled.${upload.cancelled.meaning}` satisfies MessageKey)}
          </p>
        )
      )}
    </section>
  );
}
