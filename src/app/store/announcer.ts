import type { PrepareQueue } from '../../flows/prepare-queue.ts';
import { doneShare } from '../../flows/queue-totals.ts';
import type { Clock } from '../../protocol/ports.ts';
import type { LiveText } from '../shell/live-text.ts';
import type { Words } from '../words.tsx';

const GAP_MS = 20_000;

/**
 * Says aloud how all files go: at each quarter, at the end, on pause, and when files leave. Follows the
 * queue itself, because what is drawn may skip a change.
 *
 * @returns ends it
 */
export function announce(
  queue: PrepareQueue,
  live: LiveText,
  clock: Clock,
  { say, formats }: Pick<Words, 'say' | 'formats'>,
): () => void {
  const quarters = () => Math.floor(doneShare(queue.view().totals) * 4);
  let { state } = queue.view();
  let removalId = queue.view().removal?.id ?? 0;
  let quarter = quarters();
  let quarterMs = Number.NEGATIVE_INFINITY;

  const saySettled = () => {
    const { count, states } = queue.view().totals;
    const rest = count - states.ready;
    if (states.ready > 0) live.say(say('live.ready', { n: states.ready }));
    if (rest > 0) live.say(say('live.trouble', { n: rest }), 'assertive');
  };

  return queue.subscribe(() => {
    const before = state;
    const { removal } = queue.view();
    state = queue.view().state;
    if (removal !== undefined && removal.id > removalId) {
      removalId = removal.id;
      live.say(say('undo.removed', { n: removal.files.length }));
    }
    if (state !== before) {
      quarter = quarters();
      if (state === 'settled') saySettled();
      if (state === 'paused') live.say(say('live.paused'));
      if (state === 'preparing' && before === 'paused') live.say(say('live.resumed'));
    } else if (
      state === 'preparing' &&
      quarters() > quarter &&
      clock.monotonic() - quarterMs > GAP_MS
    ) {
      quarter = quarters();
      quarterMs = clock.monotonic();
      live.say(say('live.quarter', { percent: formats.percent(quarter / 4) }));
    }
  });
}
