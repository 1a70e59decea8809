import { useRef } from 'react';
import { Menu, MenuItem, Popover } from 'react-aria-components';
import type { MessageKey } from '../../presentation/messages.ts';
import { visibleName } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import menuCss from '../parts/menu.module.css';
import { useServices } from '../services.ts';
import { useCopy } from '../use-copy.ts';
import { useWords } from '../words.tsx';
import { useQueueItem } from './use-queue.ts';

const m = classesOf(menuCss);

/** The row whose menu is open, and the button that opened it. */
export interface MenuTarget {
  readonly id: string;
  readonly button: HTMLElement;
}

interface RowMenuProps {
  readonly target: MenuTarget | undefined;
  readonly onClose: () => void;
  readonly onDetails: (id: string) => void;
}

/** One menu for all rows; shows what can be done with the file in its present state. */
export function RowMenu({ target, onClose, onDetails }: RowMenuProps) {
  const { say } = useWords();
  const { queue } = useServices();
  const [, copy] = useCopy();
  const anchor = useRef<HTMLElement | null>(null);
  anchor.current = target?.button ?? null;
  const item = useQueueItem(target?.id ?? '');
  if (target === undefined || item === undefined) return null;
  const { id, state, prepared } = item;
  const label = say('row.menu', { name: visibleName(item.file.name) });
  const isOpen = state === 'waiting' || state === 'preparing';
  const entry = (key: MessageKey, act: () => void) => (
    <MenuItem className={m('item')} onAction={act}>
      {say(key)}
    </MenuItem>
  );
  return (
    <Popover
      aria-label={label}
      triggerRef={anchor}
      isOpen
      onOpenChange={(open) => !open && onClose()}
      className={m('popover')}
      placement="bottom end"
    >
      <Menu autoFocus className={m('menu')} aria-label={label} onClose={onClose}>
        {prepared !== undefined &&
          entry('row.copyId', () => void copy(prepared.blobId, say('copy.idDone')))}
        {isOpen && entry('row.pause', () => queue.pause([id]))}
        {state === 'paused' && entry('row.resume', () => queue.resume([id]))}
        {(isOpen || state === 'paused') && entry('row.stop', () => queue.stop([id]))}
        {(state === 'stopped' || state === 'failed') &&
          entry('row.again', () => void queue.retry([id]))}
        {entry('row.details', () => onDetails(id))}
        {entry('row.remove', () => queue.remove([id]))}
      </Menu>
    </Popover>
  );
}
