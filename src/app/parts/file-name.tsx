import { splitName, visibleName } from '../../presentation/names.ts';
import { classesOf } from './classes.ts';
import css from './file-name.module.css';

const c = classesOf(css);

/** A file name in one line; if it is too long the middle is left out, so that its ending stays. */
export function FileName(props: { name: string }) {
  const { head, tail } = splitName(props.name);
  return (
    <bdi className={c('name')} translate="no" title={visibleName(props.name)}>
      <span className={c('head')}>{head}</span>
      <span className={c('tail')}>{tail}</span>
    </bdi>
  );
}
