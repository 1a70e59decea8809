import { classesOf } from '../parts/classes.ts';
import { BatchHead } from './batch-head.tsx';
import css from './batch-view.module.css';
import { FileList } from './file-list.tsx';
import { MatrixCard } from './matrix-card.tsx';
import type { Adding } from './use-adding.ts';

const c = classesOf(css);

/** All files: what happens with them together, a picture of it, and the list. */
export function BatchView(props: { adding: Adding }) {
  return (
    <div className={c('view')}>
      <BatchHead adding={props.adding} />
      <MatrixCard />
      <FileList />
    </div>
  );
}
