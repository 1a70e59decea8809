import type { ReactNode, Ref } from 'react';
import { Button, type ButtonProps } from 'react-aria-components';
import css from './action.module.css';
import { classesOf } from './classes.ts';

const c = classesOf(css);

interface ActionProps extends Omit<ButtonProps, 'className' | 'style' | 'children'> {
  /** one primary per screen; `icon` shows only the icon and needs an `aria-label` */
  readonly kind?: 'primary' | 'secondary' | 'quiet' | 'icon' | 'link';
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button in one of the few shapes that buttons have here. */
export function Action({ kind = 'secondary', ...rest }: ActionProps) {
  return <Button {...rest} className={`${c('action')} ${c(kind)}`} />;
}
