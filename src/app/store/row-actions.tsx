import { memo } from 'react';
import type { ItemState } from '../../flows/prepare-item.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { visibleName } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
import { Ellipsis, type LucideIcon, Pause, Play, RotateCw, X } from '../parts/icons.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './row-actions.module.css';
import { RowButton } from './row-button.tsx';

const c = classesOf(css);

interface RowActionsProps {
  readonly id: string;
  readonly name: string;
  readonly state: ItemState;
  readonly onMenu: (id: string, button: HTMLElement) => void;
}

const PAUSE = ['row.pauseNamed', Pause] as const;

/** What the first button does in a state; the button itself stays, and with it the focus. */
const FIRST: Partial<Record<ItemState, readonly [MessageKey, LucideIcon]>> = {
  waiting: PAUSE,
  preparing: PAUSE,
  paused: ['row.resumeNamed', Play],
  stopped: ['row.againNamed', RotateCw],
};

/** The buttons of a row: what one mostly wants now, and a menu with everything. */
export const RowActions = memo(function RowActions(props: RowActionsProps) {
  const { id, state, onMenu } = props;
  const { say } = useWords();
  const { queue } = useServices();
  const name = visibleName(props.name);
  const first = FIRST[state];
  const act = () => {
    const { state } = queue.item(id) ?? props; // it may be ahead of what is drawn
    if (state === 'paused') queue.resume([id]);
    else if (state === 'stopped') void queue.retry([id]);
    else queue.pause([id]);
  };
  return (
    <div className={c('actions')}>
      <span className={c('wide')}>
        {first !== undefined && (
          <RowButton label={say(first[0], { name })} onPress={act}>
            <Icon of={first[1]} size={18} />
          </RowButton>
        )}
        <RowButton label={say('row.removeNamed', { name })} onPress={() => queue.remove([id])}>
          <Icon of={X} size={18} />
        </RowButton>
      </span>
      <RowButton label={say('row.menu', { name })} hasMenu onPress={(button) => onMenu(id, button)}>
        <Icon of={Ellipsis} />
      </RowButton>
    </div>
  );
});
