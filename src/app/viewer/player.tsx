import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { File } from '../parts/icons.ts';
import { useWords } from '../words.tsx';
import type { Shown } from './blob-state.ts';
import css from './blob-view.module.css';
import { shownAs } from './shown-as.ts';

const c = classesOf(css);

interface PlayerProps {
  readonly shown: Shown;
  readonly startSeconds: number | undefined;
  readonly onFail: () => void;
  readonly onAgain: () => void;
}

const WHY = {
  'too-large': 'viewer.tooLarge',
  stopped: 'viewer.stopped',
  'not-decoded': 'viewer.notDecoded',
  'no-worker': 'viewer.noWorker',
} as const;

/** The element that shows a blob of this type. What is no picture, film, sound, document or text is not shown. */
export function Player({ shown, startSeconds = 0, onFail, onAgain }: PlayerProps) {
  const { say, formats } = useWords();
  const { head, url, text, why } = shown;
  const kind = shownAs(head.type);
  const label = say(`viewer.kind.${kind}`);
  const src = why === undefined ? url : undefined;
  const start = (media: HTMLMediaElement) => {
    if (startSeconds > 0) media.currentTime = startSeconds;
  };
  if (text !== undefined) {
    return (
      <figure className={c('text')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section tabIndex={0} aria-label={label}>
          <pre dir="auto" translate="no">
            {text.begin}
          </pre>
        </section>
        {!text.isWhole && (
          <figcaption className="hint">
            {say('viewer.textCut', { size: formats.bytes(head.bytes) })}
          </figcaption>
        )}
      </figure>
    );
  }
  if (src !== undefined && kind === 'image') {
    return <img className={c('image')} src={src} alt={label} onError={onFail} />;
  }
  if (src !== undefined && (kind === 'video' || kind === 'audio')) {
    const Media = kind;
    return (
      <Media
        {...{ src, className: c(kind), 'aria-label': label }}
        controls
        playsInline
        onError={onFail}
        onLoadedMetadata={(event) => start(event.currentTarget)}
      />
    );
  }
  if (src !== undefined && kind === 'document') {
    return <iframe className={c('document')} src={src} title={label} />;
  }
  const key = why === undefined ? 'viewer.noElement' : WHY[why];
  return (
    <div className={c('card')} data-why={why ?? 'no-element'}>
      <Icon of={File} size={40} />
      <p>{say(key, { size: formats.bytes(head.bytes) })}</p>
      {why === 'stopped' && <Action onPress={onAgain}>{say('viewer.again')}</Action>}
    </div>
  );
}
