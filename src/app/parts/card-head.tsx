import type { ReactNode } from 'react';
import css from './card-head.module.css';
import { classesOf } from './classes.ts';

const c = classesOf(css);

interface CardHeadProps {
  readonly title: string;
  /** what it is about, in short */
  readonly of?: string;
  /** a link-like action at the end */
  readonly children: ReactNode;
}

/** The first line of a card. */
export function CardHead({ title, of, children }: CardHeadProps) {
  return (
    <div className={c('head')}>
      <h2 className={c('title')}>{title}</h2>
      <bdi className={c('of')}>{of}</bdi>
      {children}
    </div>
  );
}
