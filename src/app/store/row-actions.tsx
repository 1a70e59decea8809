import { Ellipsis, Pause, Play, RotateCw, X } from 'lucide-react';
import { Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { QueueItem } from '../../flows/prepare-item.ts';
import { visibleName } from '../../presentation/names.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { writeClipboard } from '../doors.ts';
import { pickFiles } from '../drop/pick-files.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import menuCss from '../parts/menu.module.css';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './row-actions.module.css';

const c = classesOf(css);
const m = classesOf(menuCss);

/** The buttons of a row: what one mostly wants now, and a menu with everything. */
export function RowActions(props: { item: QueueItem; onDetails: () => void }) {
  const { item } = props;
  const { say } = useWords();
  const { queue, live } = useServices();
  const { id, state, prepared } = item;
  const name = visibleName(item.file.name);
  const isOpen = state === 'waiting' || state === 'preparing';
  const copy = async (text: string) => {
    const isDone = await writeClipboard(text);
    live.say(say(isDone ? 'copy.idDone' : 'copy.refused'), isDone ? 'polite' : 'assertive');
  };
  return (
    <div className={c('actions')}>
      <span className={c('wide')}>
        {isOpen && (
          <Action
            kind="icon"
            aria-label={say('row.pauseNamed', { name })}
            onPress={() => queue.pause([id])}
          >
            <Icon of={Pause} size={18} />
          </Action>
        )}
        {state === 'paused' && (
          <Action
            kind="icon"
            aria-label={say('row.resumeNamed', { name })}
            onPress={() => queue.resume([id])}
          >
            <Icon of={Play} size={18} />
          </Action>
        )}
        {state === 'stopped' && (
          <Action
            kind="icon"
            aria-label={say('row.againNamed', { name })}
            onPress={() => void queue.retry([id])}
          >
            <Icon of={RotateCw} size={18} />
          </Action>
        )}
        <Action
          kind="icon"
          aria-label={say('row.removeNamed', { name })}
          onPress={() => queue.remove([id])}
        >
          <Icon of={X} size={18} />
        </Action>
      </span>
      <MenuTrigger>
        <Action kind="icon" aria-label={say('row.menu', { name })}>
          <Icon of={Ellipsis} />
        </Action>
        <Popover className={m('popover')} placement="bottom end">
          <Menu className={m('menu')}>
            {prepared !== undefined && (
              <MenuItem className={m('item')} onAction={() => void copy(prepared.blobId)}>
                {say('row.copyId')}
              </MenuItem>
            )}
            {isOpen && (
              <MenuItem className={m('item')} onAction={() => queue.pause([id])}>
                {say('row.pause')}
              </MenuItem>
            )}
            {state === 'paused' && (
              <MenuItem className={m('item')} onAction={() => queue.resume([id])}>
                {say('row.resume')}
              </MenuItem>
            )}
            {(isOpen || state === 'paused') && (
              <MenuItem className={m('item')} onAction={() => queue.stop([id])}>
                {say('row.stop')}
              </MenuItem>
            )}
            {(state === 'stopped' || state === 'failed') && (
              <MenuItem className={m('item')} onAction={() => void queue.retry([id])}>
                {say('row.again')}
              </MenuItem>
            )}
            <MenuItem className={m('item')} onAction={props.onDetails}>
              {say('row.details')}
            </MenuItem>
            <MenuItem className={m('item')} onAction={() => queue.remove([id])}>
              {say('row.remove')}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}

/** The way on after trouble: the file on disk as it is now, another choice, or the same again. */
export function AgainAction(props: { item: QueueItem; label: string }) {
  const { item, label } = props;
  const { say } = useWords();
  const { queue } = useServices();
  const { error, id, reopen } = item;
  const isStale = isHauloutError(error, 'file-changed') || isHauloutError(error, 'file-unreadable');
  if (isHauloutError(error, 'blob-too-large')) {
    return (
      <>
        <p className={c('advice')}>{label}</p>
        <Action kind="secondary" onPress={() => queue.remove([id])}>
          {say('row.remove')}
        </Action>
      </>
    );
  }
  if (!isStale || reopen !== undefined) {
    return <Action onPress={() => void queue.retry([id])}>{label}</Action>;
  }
  const chooseAgain = async () => {
    const picked = await pickFiles({ multiple: false });
    if (picked === undefined) return;
    for await (const [first] of picked.batches) {
      if (first !== undefined) queue.replace(id, first.file);
    }
  };
  return <Action onPress={() => void chooseAgain()}>{say('row.chooseAgain')}</Action>;
}
