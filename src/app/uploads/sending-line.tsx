import { useState } from 'react';
import { type Pace, Speedometer } from '../../flows/pace.ts';
import type { JobSnapshot } from '../../flows/store/types.ts';
import { clock } from '../doors.ts';
import { classesOf } from '../parts/classes.ts';
import { useWords } from '../words.tsx';
import css from './upload-head.module.css';
import type { UploadProgress } from './upload-progress.ts';
import { useOnline } from './use-online.ts';

const c = classesOf(css);

interface SendingLineProps {
  readonly snapshot: JobSnapshot;
  readonly progress: UploadProgress;
  readonly sleptMs: number | undefined;
}

/** How much, how fast, how long still, which way, and that one may leave. */
export function SendingLine({ snapshot, progress, sleptMs }: SendingLineProps) {
  const isOnline = useOnline();
  const { say, formats } = useWords();
  const { storedBytes, neededBytes, isSigning } = progress;
  const pace = usePace(storedBytes, neededBytes, snapshot.isPaused);
  const isRelayed = snapshot.files.some(({ path }) => path === 'relay');
  return (
    <>
      <p className={`${c('pace')} numeric`}>
        {neededBytes > 0 && (
          <span>
            {isSigning
              ? say('upload.signing')
              : say('upload.bytes', {
                  done: formats.bytes(storedBytes),
                  total: formats.bytes(neededBytes),
                })}
          </span>
        )}
        {pace !== undefined && !isSigning && (
          <span>
            {pace.secondsLeft === undefined
              ? formats.speed(pace.bytesPerSecond)
              : say('row.speed', {
                  speed: formats.speed(pace.bytesPerSecond),
                  time: formats.duration(pace.secondsLeft),
                })}
          </span>
        )}
        <span>{say('upload.safe')}</span>
      </p>
      {!isOnline && (
        <p className={c('pace')} data-condition="offline" role="status">
          {say('upload.offline')}
        </p>
      )}
      {sleptMs !== undefined && (
        <p className={c('pace')}>
          {say('upload.slept', { time: formats.duration(Math.round(sleptMs / 60_000) * 60) })}
        </p>
      )}
      {isRelayed && <p className={c('pace')}>{say('upload.byRelay')}</p>}
      {snapshot.isNewEpoch === true && <p className={c('pace')}>{say('upload.newEpoch')}</p>}
    </>
  );
}

/** Speed of the last ten seconds, measured when the counter moves. */
function usePace(done: number, needed: number, isPaused: boolean): Pace | undefined {
  const [meter] = useState(() => new Speedometer());
  if (isPaused) {
    meter.reset();
    return undefined;
  }
  meter.record(clock.monotonic(), done);
  return meter.pace(needed - done);
}
