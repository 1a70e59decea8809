import { startTransition, useEffect, useState } from 'react';
import { classesOf } from '../parts/classes.ts';
import { BatchHead } from './batch-head.tsx';
import css from './batch-view.module.css';
import { FileList } from './file-list.tsx';
import { MatrixCard } from './matrix-card.tsx';
import type { Adding } from './use-adding.ts';

const c = classesOf(css);

/** All files: what happens with them together, a picture of it, and the list. */
export function BatchView(props: { adding: Adding }) {
  const parts = useParts(3);
  return (
    <div className={c('view')}>
      <BatchHead adding={props.adding} />
      {parts > 1 && <MatrixCard />}
      {parts > 2 && <FileList />}
    </div>
  );
}

/** How many parts to show: one more with each frame, from the top, so that no frame has to make them all. */
function useParts(all: number): number {
  const [parts, setParts] = useState(1);
  useEffect(() => {
    if (parts >= all) return;
    const frame = requestAnimationFrame(() => startTransition(() => setParts(parts + 1)));
    return () => cancelAnimationFrame(frame);
  }, [parts, all]);
  return parts;
}
