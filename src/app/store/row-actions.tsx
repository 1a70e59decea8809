import { Ellipsis, Pause, Play, RotateCw, X } from 'lucide-react';
import { memo } from 'react';
import type { ItemState } from '../../flows/prepare-item.ts';
import { visibleName } from '../../presentation/names.ts';
import { classesOf } from '../parts/classes.ts';
import { Icon } from '../parts/icon.tsx';
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

/** The buttons of a row: what one mostly wants now, and a menu with everything. */
export const RowActions = memo(function RowActions(props: RowActionsProps) {
  const { id, state, onMenu } = props;
  const { say } = useWords();
  const { queue } = useServices();
  const name = visibleName(props.name);
  return (
    <div className={c('actions')}>
      <span className={c('wide')}>
        {(state === 'waiting' || state === 'preparing') && (
          <RowButton label={say('row.pauseNamed', { name })} onPress={() => queue.pause([id])}>
            <Icon of={Pause} size={18} />
          </RowButton>
        )}
        {state === 'paused' && (
          <RowButton label={say('row.resumeNamed', { name })} onPress={() => queue.resume([id])}>
            <Icon of={Play} size={18} />
          </RowButton>
        )}
        {state === 'stopped' && (
          <RowButton label={say('row.againNamed', { name })} onPress={() => void queue.retry([id])}>
            <Icon of={RotateCw} size={18} />
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
