import { useRef } from 'react';
import {
  countParts,
  drawMap,
  PART_STATES,
  type SeenParts,
} from '../../presentation/verification-map.ts';
import { classesOf } from '../parts/classes.ts';
import { useWidth } from '../uploads/use-width.ts';
import { useWords } from '../words.tsx';
import css from './map-picture.module.css';

const c = classesOf(css);

/** One cell per part, and below it the same as numbers. */
export function MapPicture({ seen }: { readonly seen: SeenParts }) {
  const { say, formats } = useWords();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const { paths, height } = drawMap(seen, width);
  const { byState } = countParts(seen);
  return (
    <div className={c('map')} data-map="">
      <div ref={frame} className={c('frame')}>
        <svg aria-hidden="true" width={width} height={height}>
          {PART_STATES.map((state) => (
            <path key={state} className={c(state)} data-parts={state} d={paths[state]} />
          ))}
        </svg>
      </div>
      <ul className={c('legend')}>
        {PART_STATES.filter((state) => byState[state] > 0).map((state) => (
          <li key={state} data-count={state}>
            <svg aria-hidden="true" width={14} height={14}>
              <path className={c(state)} d={SAMPLES[state]} />
            </svg>
            {say(`viewer.part.${state}`, { n: formats.count(byState[state]) })}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A single cell of each state, as the map draws it. */
const SAMPLES = drawSamples();

function drawSamples() {
  const one = (parts: SeenParts['parts']) => drawMap({ partCount: 1, parts }, 14).paths;
  const part = { origin: 'node', wrongFrom: [], slowNodes: [] } as const;
  return {
    verified: one(new Map([[0, part]])).verified,
    rebuilt: one(new Map([[0, { ...part, origin: 'recovered' }]])).rebuilt,
    replaced: one(new Map([[0, { ...part, wrongFrom: ['x'] }]])).replaced,
    waiting: one(new Map()).waiting,
  };
}
