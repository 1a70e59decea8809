import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { isHauloutError } from '../../protocol/errors.ts';
import { siteUrl } from '../app-base.ts';
import { useBase } from '../base.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useAfter } from '../parts/use-after.ts';
import { useKeptFocus } from '../parts/use-kept-focus.ts';
import type { ShortLink } from '../short-link.ts';
import { useWords } from '../words.tsx';
import { BlobActions } from './blob-actions.tsx';
import type { BlobDesk } from './blob-desk.ts';
import type { BlobState } from './blob-state.ts';
import css from './blob-view.module.css';
import { Checks, Missing, ProgressLine } from './later-parts.ts';
import { nameOf } from './name-of.ts';
import { Player } from './player.tsx';
import { Report } from './report.tsx';
import { shownAs } from './shown-as.ts';

const c = classesOf(css);

/** After so long something is wrong, and is said. */
const USUAL_MS = 10_000;

interface BlobViewProps {
  readonly desk: BlobDesk;
  readonly link: Pick<ShortLink, 'startSeconds' | 'isDownload' | 'isStrict'>;
  /** of its heading */
  readonly level: 1 | 2;
}

const headingOfCheck = (element: Element) =>
  element.closest('[data-strict], [data-audit]')?.querySelector<HTMLElement>('h2, h3') ?? null;

/** One blob: what it is, itself, and what was checked of it. */
export function BlobView(props: BlobViewProps) {
  const { desk } = props;
  const state = useSyncExternalStore(desk.subscribe, desk.state);
  useSpoken(state.stage.kind);
  const whole = useRef<HTMLDivElement>(null);
  const keepFocus = useKeptFocus(
    headingOfCheck,
    () => whole.current?.querySelector<HTMLElement>('h1, h2, button, a') ?? null,
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it looks where focus is, and does nothing by itself
    <div ref={whole} className={c('whole')} onFocus={keepFocus}>
      <Staged {...props} state={state} />
    </div>
  );
}

function Staged({ desk, link, level, state }: BlobViewProps & { readonly state: BlobState }) {
  const { stage } = state;
  if (stage.kind === 'looking') return <Looking {...{ desk, state, level }} />;
  if (stage.kind === 'missing') return <Missing {...{ stage, state, desk, level }} />;
  if (stage.kind === 'failed') {
    return (
      <TroubleCard
        isReading
        error={stage.error}
        action={(label) =>
          isHauloutError(stage.error, 'blob-id-malformed') ? (
            <a href={`${siteUrl()}open`}>{label}</a>
          ) : (
            <Action onPress={() => void desk.open()}>{label}</Action>
          )
        }
      />
    );
  }
  const { shown } = stage;
  return (
    <article className={c('view')} data-shown={shownAs(shown.head.type)} data-way={shown.way}>
      <Title level={level} state={state} />
      <div className={c('stage')}>
        <Player
          shown={shown}
          startSeconds={link.startSeconds}
          onFail={() => void desk.elementFailed()}
          onAgain={() => void desk.open()}
        />
        <BlobActions desk={desk} state={state} shown={shown} isWanted={link.isDownload} />
      </div>
      <div className={c('side')}>
        <Report state={state} shown={shown} />
        <Checks {...{ desk, state, bytes: shown.head.bytes }} level={level === 1 ? 2 : 3} />
      </div>
    </article>
  );
}

function Title({ level, state }: { readonly level: 1 | 2; readonly state: BlobState }) {
  const { say, formats } = useWords();
  const Heading = `h${level}` as const;
  const { stage } = state;
  if (stage.kind !== 'shown') return null;
  const { bytes, type } = stage.shown.head;
  const [plainType = ''] = type.split(';');
  return (
    <div className={c('title')}>
      <Heading tabIndex={-1}>
        <bdi>{nameOf(state) ?? say(`viewer.kind.${shownAs(type)}`)}</bdi>
      </Heading>
      <p className="hint numeric">
        <bdi>{say('viewer.what', { type: plainType, size: formats.bytes(bytes) })}</bdi>
      </p>
    </div>
  );
}

interface LookingProps extends Pick<BlobViewProps, 'desk' | 'level'> {
  readonly state: BlobState;
}

function Looking({ desk, state, level }: LookingProps) {
  const { say, formats } = useWords();
  const [turn, setTurn] = useState(0);
  const isLong = useAfter(USUAL_MS, turn);
  const Heading = `h${level}` as const;
  const again = () => {
    setTurn(turn + 1);
    void desk.open();
  };
  const { strict } = state;
  const share = strict.kind === 'working' ? strict.progress : undefined;
  return (
    <div className={`card ${c('looking')}`} data-looking="">
      <Heading className={c('wait')} tabIndex={-1}>
        {say('viewer.looking')}
      </Heading>
      {share === undefined ? (
        <>
          <p className="hint" role="status">
            {say(isLong ? 'viewer.lookingLong' : 'viewer.lookingHow')}
          </p>
          {isLong && (
            <div className={c('actions')}>
              <Action onPress={again}>{say('viewer.again')}</Action>
            </div>
          )}
        </>
      ) : (
        <>
          <p className="hint numeric">
            {say('viewer.checking', { percent: formats.percent(share) })}
          </p>
          <ProgressLine label={say('viewer.strict')} share={share} text={formats.percent(share)} />
        </>
      )}
    </div>
  );
}

const SPOKEN = { shown: 'viewer.liveShown', missing: 'viewer.missing' } as const;

/** Says aloud what the page shows in other ways. */
function useSpoken(stage: BlobState['stage']['kind']): void {
  const { live } = useBase();
  const { say } = useWords();
  const before = useRef<string>(stage);
  useEffect(() => {
    if (stage !== before.current && (stage === 'shown' || stage === 'missing')) {
      live.say(say(SPOKEN[stage]));
    }
    before.current = stage;
  }, [stage, live, say]);
}
