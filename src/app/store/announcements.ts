import { useEffect, useRef } from 'react';
import { doneShare } from '../../flows/queue-totals.ts';
import { clock } from '../doors.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import { useQueueView } from './use-queue.ts';

const GAP_MS = 20_000;

/** Says aloud how all files go: at each quarter, at the end, and on pause; and keeps the window title. */
export function Announcements(): null {
  const { live } = useServices();
  const { say, formats } = useWords();
  const { state, totals } = useQueueView();
  const said = useRef({ state, quarter: 0, atMs: Number.NEGATIVE_INFINITY });
  const share = doneShare(totals);
  const { ready } = totals.states;
  const rest = totals.count - ready;
  const percent = formats.percent(share);

  useEffect(() => {
    const last = said.current;
    const quarter = Math.floor(share * 4);
    if (state !== last.state) {
      if (state === 'settled' && ready > 0) live.say(say('live.ready', { n: ready }));
      if (state === 'settled' && rest > 0) {
        live.say(say('live.trouble', { n: rest }), 'assertive');
      }
      if (state === 'paused') live.say(say('live.paused'));
      if (state === 'preparing' && last.state === 'paused') live.say(say('live.resumed'));
      said.current = { ...last, state, quarter };
      return;
    }
    const isNews = quarter > last.quarter && clock.monotonic() - last.atMs > GAP_MS;
    if (state !== 'preparing' || !isNews) return;
    said.current = { state, quarter, atMs: clock.monotonic() };
    live.say(say('live.quarter', { percent: formats.percent(quarter / 4) }));
  }, [state, share, ready, rest, live, say, formats]);

  useEffect(() => {
    const isAllReady = state === 'settled' && rest === 0;
    document.title = isAllReady
      ? say('app.titleReady')
      : state === 'preparing'
        ? say('app.titleProgress', { percent })
        : say('app.title');
  }, [state, rest, percent, say]);
  return null;
}
