/** Primary slivers are rows of the matrix, secondary slivers are its columns. */
export type Axis = 'primary' | 'secondary';

/** The axis whose slivers cross those of `axis`. */
export function crossAxis(axis: Axis): Axis {
  return axis === 'primary' ? 'secondary' : 'primary';
}
