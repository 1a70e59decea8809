import { useEffect, useRef } from 'react';
import {
  MATRIX_CELLS,
  type MatrixColours,
  type MatrixCounters,
  paintMatrix,
} from '../../presentation/sliver-matrix.ts';
import { classesOf } from '../parts/classes.ts';
import css from './matrix-picture.module.css';
import { onColourChange, readColour } from './read-colours.ts';

const c = classesOf(css);

/** The names under which `matrix-picture.module.css` holds the colours of the cells. */
const SWATCHES: readonly (keyof MatrixColours)[] = [
  'empty',
  'emptyRepair',
  'read',
  'source',
  'rowRepair',
  'columnRepair',
  'corner',
];

/** Draws the counters, in the next frame and never while the page is hidden. */
export function MatrixPicture(props: { counters: MatrixCounters; name: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const swatches = useRef<HTMLDivElement>(null);
  const colours = useRef<MatrixColours>(undefined);
  const latest = useRef(props.counters);
  latest.current = props.counters;

  useEffect(() => {
    const paint = () => {
      if (canvas.current === null || swatches.current === null || document.hidden) return;
      colours.current ??= readColours(swatches.current);
      draw(canvas.current, latest.current, colours.current);
    };
    const frame = requestAnimationFrame(paint);
    const again = () => {
      colours.current = undefined;
      requestAnimationFrame(paint);
    };
    document.addEventListener('visibilitychange', paint);
    const stop = onColourChange(again);
    return () => {
      cancelAnimationFrame(frame);
      document.removeEventListener('visibilitychange', paint);
      stop();
    };
  });

  return (
    <div className={c('frame')}>
      <canvas
        ref={canvas}
        className={c('canvas')}
        width={MATRIX_CELLS}
        height={MATRIX_CELLS}
        role="img"
        aria-label={props.name}
      />
      <div ref={swatches} hidden className={c('swatches')}>
        {SWATCHES.map((name) => (
          <i key={name} className={c(name)} />
        ))}
      </div>
    </div>
  );
}

function readColours(swatches: HTMLElement): MatrixColours {
  const entries = SWATCHES.map((name, at) => [name, readColour(swatches.children[at])] as const);
  return Object.fromEntries(entries) as Record<keyof MatrixColours, number>;
}

function draw(canvas: HTMLCanvasElement, counters: MatrixCounters, colours: MatrixColours): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(MATRIX_CELLS, MATRIX_CELLS);
  paintMatrix(counters, colours, new Uint32Array(image.data.buffer));
  context.putImageData(image, 0, 0);
}
