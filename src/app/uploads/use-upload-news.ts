import { useEffect, useRef } from 'react';
import type { JobSnapshot } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { clock, keepAwake } from '../doors.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { progressOf } from './upload-progress.ts';

const GAP_MS = 20_000;

/** Says aloud how an upload goes, shows it in the title of the window, and keeps the screen on while it is sent. */
export function useUploadNews(snapshot: JobSnapshot | undefined): void {
  const { live } = useServices();
  const { say, formats } = useWords();
  const state = snapshot?.state;
  const share = snapshot === undefined ? 0 : progressOf(snapshot).share;
  const isSending = state === 'uploading' && snapshot?.isPaused === false;

  const quarter = Math.floor(share * 4);
  const last = useRef({ quarter: 0, atMs: Number.NEGATIVE_INFINITY, state });
  useEffect(() => {
    const now = clock.monotonic();
    const before = last.current;
    if (state !== before.state) {
      last.current = { ...before, state };
      if (state !== undefined && SPOKEN.includes(state)) {
        live.say(say(`live.${state === 'certifying' ? 'signed' : 'stored'}` satisfies MessageKey));
      }
    } else if (isSending && quarter > before.quarter && quarter < 4 && now - before.atMs > GAP_MS) {
      last.current = { quarter, atMs: now, state };
      live.say(say('live.sent', { percent: formats.percent(quarter / 4) }));
    }
  }, [live, say, formats, state, quarter, isSending]);

  useEffect(() => (isSending ? keepAwake() : undefined), [isSending]);

  const title = titleOf();
  useEffect(() => {
    if (title === undefined) return;
    const before = document.title;
    document.title = title;
    return () => {
      document.title = before;
    };
  }, [title]);

  function titleOf(): string | undefined {
    if (state === 'certified' || state === 'topping-up') return say('app.titleStored');
    if (state !== 'uploading') return undefined;
    return say('app.titleProgress', { percent: formats.percent(share) });
  }
}

const SPOKEN: readonly JobSnapshot['state'][] = ['certifying', 'certified', 'already-stored'];
