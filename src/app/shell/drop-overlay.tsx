import { useSyncExternalStore } from 'react';
import { useRoute } from 'wouter';
import { classesOf } from '../parts/classes.ts';
import { PLACES } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './drop-overlay.module.css';

const c = classesOf(css);

/** Dims the page to one sentence while files are dragged over it. */
export function DropOverlay() {
  const { drops } = useServices();
  const { say } = useWords();
  const drag = useSyncExternalStore(drops.subscribe, drops.drag);
  const [isCompare] = useRoute(PLACES.compare);
  if (drag === undefined) return null;
  const text = isCompare
    ? say('drop.overlayCompare')
    : drag.itemCount === undefined
      ? say('drop.overlayUnknown')
      : say('drop.overlay', { n: drag.itemCount });
  return (
    <div className={c('overlay')} role="status" data-drag-overlay>
      <p className={c('sentence')}>{text}</p>
    </div>
  );
}
