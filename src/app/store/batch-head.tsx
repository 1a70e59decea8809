import { memo } from 'react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { QueueView } from '../../flows/prepare-queue.ts';
import { doneShare, openCount } from '../../flows/queue-totals.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { Icon } from '../parts/icon.tsx';
import {
  CircleCheck,
  Ellipsis,
  FolderSearch,
  Pause,
  Play,
  Plus,
  TriangleAlert,
} from '../parts/icons.ts';
import menuCss from '../parts/menu.module.css';
import { ProgressLine } from '../parts/progress-line.tsx';
import { useKeptFocus } from '../parts/use-kept-focus.ts';
import { useLostFocus } from '../parts/use-lost-focus.ts';
import { useServices } from '../services.ts';
import { quoteTerms } from '../settings/terms.ts';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import css from './batch-head.module.css';
import { idLines, saveTable } from './id-list.ts';
import { LeftOutLine } from './left-out-line.tsx';
import type { Adding } from './use-adding.ts';
import { useQueueView } from './use-queue.ts';

const c = classesOf(css);
const m = classesOf(menuCss);

/** Title, state, progress and actions of all files together. */
export function BatchHead(props: { adding: Adding }) {
  const view = useQueueView();
  const { say, formats } = useWords();
  const { queue } = useServices();
  const { totals, state } = view;
  const share = doneShare(totals);
  const isHeld = state === 'paused';
  const heading = useLostFocus(true);
  const keepFocus = useKeptFocus();
  return (
    <section className={`card ${c('head')}`} aria-label={say('batch.label')} onFocus={keepFocus}>
      <h1 ref={heading} className={c('title')} tabIndex={-1}>
        {say('batch.title', { n: totals.count, size: formats.bytes(totals.bytes) })}
      </h1>
      <StateLine view={view} />
      {(state === 'preparing' || state === 'paused') && (
        <>
          <ProgressLine
            label={say('batch.progress')}
            share={share}
            text={formats.percent(share)}
            tone={isHeld ? 'held' : 'work'}
          />
          <p className={`${c('pace')} numeric`}>
            <span>{formats.percent(share)}</span>
            <PaceText view={view} />
          </p>
        </>
      )}
      {totals.states.ready > 0 && openCount(totals) === 0 && (
        <p className={c('encoded')}>
          {say('batch.encoded', { size: formats.bytes(totals.encodedBytes) })}
        </p>
      )}
      {view.listed !== undefined && (
        <p className={c('listing')} data-listing>
          <Icon of={FolderSearch} size={18} />
          <span>{say('batch.listing', { n: view.listed })}</span>
          <Action kind="link" onPress={() => queue.stopListing()}>
            {say('batch.listingStop')}
          </Action>
        </p>
      )}
      <LeftOutLine leftOut={props.adding.leftOut} />
      <div className={c('actions')}>
        {totals.states.ready > 0 && openCount(totals) === 0 && <PriceAction />}
        <MainAction state={state} ready={totals.states.ready} />
        <Action onPress={props.adding.chooseFiles}>
          <Icon of={Plus} size={18} />
          {say('batch.add')}
        </Action>
        <MoreMenu
          ready={totals.states.ready}
          isOpen={openCount(totals) > 0}
          again={totals.states.stopped + totals.states.failed}
          onFolder={props.adding.chooseFolder}
        />
      </div>
    </section>
  );
}

function StateLine({ view }: { view: QueueView }) {
  const { say, formats } = useWords();
  const { totals, state } = view;
  const { ready } = totals.states;
  const rest = totals.count - ready;
  if (state === 'settled' && rest === 0) {
    return (
      <p className={`${c('state')} ${c('ok')}`} data-batch="ready">
        <Icon of={CircleCheck} />
        {say('batch.ready', { n: ready })}
      </p>
    );
  }
  if (state === 'settled') {
    return (
      <p className={`${c('state')} ${c('warn')}`} data-batch="partly">
        <Icon of={TriangleAlert} />
        {say('batch.partly', { ready: formats.count(ready), rest: formats.count(rest) })}
      </p>
    );
  }
  return (
    <p className={`${c('state')} numeric`} data-batch={state}>
      {state === 'paused' && say('batch.paused')}
      {state === 'empty' && say('batch.waiting')}
      {state === 'preparing' &&
        say('batch.preparing', {
          done: formats.count(ready),
          total: formats.count(totals.count),
        })}
    </p>
  );
}

function PaceText({ view }: { view: QueueView }) {
  const { say, formats } = useWords();
  const { pace } = view;
  if (pace === undefined || view.state !== 'preparing') return null;
  return (
    <>
      <span>{say('batch.speed', { speed: formats.speed(pace.bytesPerSecond) })}</span>
      {pace.secondsLeft !== undefined && (
        <span>{say('batch.left', { time: formats.duration(pace.secondsLeft) })}</span>
      )}
    </>
  );
}

/** Pause while there is work, Resume while it is held, else the IDs. */
const MainAction = memo(function MainAction(props: { state: QueueView['state']; ready: number }) {
  const { say } = useWords();
  const { queue } = useServices();
  const { state, ready } = props;
  // What is drawn may be of a moment ago.
  const turn = () => (queue.view().state === 'paused' ? queue.resumeAll() : queue.pauseAll());
  if (state === 'preparing') {
    return (
      <Action onPress={turn}>
        <Icon of={Pause} size={18} />
        {say('batch.pause')}
      </Action>
    );
  }
  if (state === 'paused') {
    return (
      <Action kind="primary" onPress={turn}>
        <Icon of={Play} size={18} />
        {say('batch.resume')}
      </Action>
    );
  }
  if (ready === 0) return null;
  return (
    <span className={c('ids')}>
      <CopyButton
        kind="secondary"
        text={() => idLines(queue)}
        done={say('copy.manyDone', { n: ready })}
      >
        {say('batch.copyAll', { n: ready })}
      </CopyButton>
    </span>
  );
});

/** Asks the price of all that is ready. */
function PriceAction() {
  const { say } = useWords();
  const { queue, quote } = useServices();
  const ask = () => {
    const items = queue.view().order.flatMap((id) => queue.item(id) ?? []);
    quote.open(
      items.filter(({ state }) => state === 'ready'),
      quoteTerms(),
    );
  };
  return (
    <Action kind="primary" onPress={ask}>
      {say('batch.price')}
    </Action>
  );
}

interface MoreMenuProps {
  readonly ready: number;
  readonly isOpen: boolean;
  /** files that could be prepared again */
  readonly again: number;
  readonly onFolder: () => void;
}

const MoreMenu = memo(function MoreMenu({ ready, isOpen, again, onFolder }: MoreMenuProps) {
  const { say } = useWords();
  const { queue } = useServices();
  const all = () => queue.view().order;
  const [, copy] = useCopy();
  return (
    <MenuTrigger>
      <Action kind="icon" aria-label={say('batch.more')}>
        <Icon of={Ellipsis} />
      </Action>
      <Popover className={m('popover')} placement="bottom end">
        <Menu className={m('menu')}>
          <MenuItem className={m('item')} onAction={onFolder}>
            {say('batch.addFolder')}
          </MenuItem>
          {ready > 0 && (
            <>
              <MenuItem
                className={m('item')}
                onAction={() => void copy(idLines(queue), say('copy.manyDone', { n: ready }))}
              >
                {say('batch.copyAll', { n: ready })}
              </MenuItem>
              <MenuItem className={m('item')} onAction={() => saveTable(queue)}>
                {say('batch.saveList')}
              </MenuItem>
            </>
          )}
          {again > 0 && (
            <MenuItem className={m('item')} onAction={() => void queue.retry(all())}>
              {say('batch.retryAll', { n: again })}
            </MenuItem>
          )}
          {isOpen && (
            <MenuItem className={m('item')} onAction={() => queue.stop(all())}>
              {say('row.stop')}
            </MenuItem>
          )}
          <MenuItem className={m('item')} onAction={() => queue.remove(all())}>
            {say('batch.removeAll')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
});
