import type { KeyboardEvent, MouseEvent, ReactNode, SyntheticEvent } from 'react';
import { classesOf } from '../parts/classes.ts';
import css from './row-button.module.css';

const c = classesOf(css);

interface RowButtonProps {
  readonly label: string;
  readonly onPress: (button: HTMLButtonElement) => void;
  readonly hasMenu?: boolean;
  readonly isExpanded?: boolean;
  readonly children: ReactNode;
}

/**
 * An icon button inside a row. A plain button: rows are drawn while the list scrolls, and a React Aria
 * button costs about a millisecond. What it handles must not reach the row, which would open.
 */
export function RowButton({ label, onPress, hasMenu, isExpanded, children }: RowButtonProps) {
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    event.stopPropagation();
    onPress(event.currentTarget);
  };
  return (
    <button
      type="button"
      className={c('button')}
      aria-label={label}
      onClick={press}
      onPointerDown={keep}
      onMouseDown={keep}
      onPointerUp={keep}
      onKeyDown={keepPress}
      onKeyUp={keepPress}
      {...(hasMenu ? { 'aria-haspopup': 'menu', 'aria-expanded': isExpanded ?? false } : {})}
    >
      {children}
    </button>
  );
}

function keep(event: SyntheticEvent): void {
  event.stopPropagation();
}

/** Arrows go on to the list, which moves between rows and buttons. */
function keepPress(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') event.stopPropagation();
}
