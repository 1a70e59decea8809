import { useId, useRef } from 'react';
import { BLOCK_STATES, drawStrip, type StripNode } from '../../presentation/node-strip.ts';
import { classesOf } from '../parts/classes.ts';
import css from './node-strip.module.css';
import { useWidth } from './use-width.ts';

const c = classesOf(css);

/** One block per node, as wide as its share; the order never changes. */
export function NodeStrip({ nodes }: { nodes: readonly StripNode[] }) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const stripes = useId();
  const { paths, height } = drawStrip(nodes, width);
  return (
    <div ref={frame} className={c('frame')}>
      <svg aria-hidden="true" className={c('strip')} width={width} height={height}>
        <defs>
          <pattern
            id={stripes}
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect className={c('stripe')} width="3" height="6" />
          </pattern>
        </defs>
        {BLOCK_STATES.map((state) => (
          <path
            key={state}
            className={c(state)}
            data-blocks={state}
            d={paths[state]}
            {...(state === 'sending' ? { fill: `url(#${stripes})` } : {})}
          />
        ))}
      </svg>
    </div>
  );
}
