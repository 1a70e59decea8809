import type { RowNews, RowOrigin } from '../transfer/read/read-types.ts';

/** What is known of one part of a blob. */
export type PartState = 'verified' | 'rebuilt' | 'replaced' | 'waiting';

export const PART_STATES: readonly PartState[] = ['verified', 'rebuilt', 'replaced', 'waiting'];

type Seen = Pick<RowNews, 'origin' | 'nodeId' | 'wrongFrom' | 'slowNodes'>;

/** The parts of a blob as far as they were handed out. */
export interface SeenParts {
  /** of the whole blob; 0 before it is known */
  readonly partCount: number;
  /** by place, from 0 */
  readonly parts: ReadonlyMap<number, Seen>;
}

export const NOTHING_SEEN: SeenParts = { partCount: 0, parts: new Map() };

/**
 * Adds what was handed out since. A part that comes again, as it does when somebody seeks back, keeps what was first
 * said of it: who was wrong about it does not become right.
 */
export function seeParts(seen: SeenParts, news: readonly RowNews[]): SeenParts {
  const parts = new Map(seen.parts);
  for (const { index, rowCount: _, ...part } of news) {
    const before = parts.get(index);
    if (before === undefined || part.wrongFrom.length > before.wrongFrom.length) {
      parts.set(index, part);
    }
  }
  return { partCount: news.at(-1)?.rowCount ?? seen.partCount, parts };
}

export function stateOfPart({ parts }: SeenParts, index: number): PartState {
  const part = parts.get(index);
  if (part === undefined) return 'waiting';
  if (part.wrongFrom.length > 0) return 'replaced';
  return part.origin === 'recovered' || part.origin === 'decoded' ? 'rebuilt' : 'verified';
}

/** A picture's numbers in words. */
export interface PartCounts {
  readonly byState: Readonly<Record<PartState, number>>;
  readonly byOrigin: Readonly<Record<RowOrigin, number>>;
  /** who gave something else than what a part is, with the parts, from 1 */
  readonly wrong: ReadonlyMap<string, readonly number[]>;
  /** IDs of nodes that gave parts, and of those that took too long for some */
  readonly nodes: ReadonlySet<string>;
  readonly slow: ReadonlySet<string>;
}

export function countParts(seen: SeenParts): PartCounts {
  const byState = { verified: 0, rebuilt: 0, replaced: 0, waiting: 0 };
  const byOrigin = { node: 0, cache: 0, source: 0, recovered: 0, decoded: 0 };
  const wrong = new Map<string, number[]>();
  const nodes = new Set<string>();
  const slow = new Set<string>();
  for (let index = 0; index < seen.partCount; index++) byState[stateOfPart(seen, index)]++;
  for (const [index, { origin, nodeId, wrongFrom, slowNodes }] of seen.parts) {
    byOrigin[origin]++;
    if (nodeId !== undefined) nodes.add(nodeId);
    for (const name of slowNodes) slow.add(name);
    for (const name of wrongFrom) wrong.set(name, [...(wrong.get(name) ?? []), index + 1]);
  }
  return { byState, byOrigin, wrong, nodes, slow };
}

/** SVG path data by state, and the height of it all in px. */
export interface MapPicture {
  readonly paths: Readonly<Record<PartState, string>>;
  readonly height: number;
}

const CELL = 14;
const LINE_GAP = 4;
const WIDEST_GAP = 2;
/** a cell that is narrower shows no ring and no dot */
const NARROWEST = 6;

/**
 * One cell per part in reading order: solid where it was verified, with a dot where it was rebuilt, a ring where it
 * replaced wrong data, an outline where it was not fetched. One line, or more where there is too little room.
 *
 * @param width in px
 */
export function drawMap(seen: SeenParts, width: number): MapPicture {
  const paths = { verified: '', rebuilt: '', replaced: '', waiting: '' };
  const { partCount } = seen;
  if (partCount === 0 || width <= 0) return { paths, height: CELL };
  const lineCount = Math.ceil((partCount * NARROWEST) / width);
  const perLine = Math.ceil(partCount / lineCount);
  const step = width / perLine;
  const wide = step - Math.min(WIDEST_GAP, step / 5);
  for (let index = 0; index < partCount; index++) {
    const x = (index % perLine) * step;
    const y = Math.floor(index / perLine) * (CELL + LINE_GAP);
    const state = stateOfPart(seen, index);
    paths[state] += SHAPES[state](x, y, wide);
  }
  const lines = Math.ceil(partCount / perLine);
  return { paths, height: lines * (CELL + LINE_GAP) - LINE_GAP };
}

type Shape = (x: number, y: number, width: number) => string;

const SHAPES: Readonly<Record<PartState, Shape>> = {
  verified: (x, y, width) => box(x, y, width, CELL),
  /** a solid cell with a hole in its middle */
  rebuilt: (x, y, width) => {
    const high = CELL / 3;
    const wide = Math.min(high, width / 3);
    return box(x, y, width, CELL) + hole(x + (width - wide) / 2, y + (CELL - high) / 2, wide, high);
  },
  /** a frame around a solid cell */
  replaced: (x, y, width) => {
    const end = CELL / 7;
    const side = Math.min(end, width / 5);
    const inner = [x + side, y + end, width - 2 * side, CELL - 2 * end] as const;
    const core = [x + 2 * side, y + 2 * end, width - 4 * side, CELL - 4 * end] as const;
    return box(x, y, width, CELL) + hole(...inner) + box(...core);
  },
  waiting: (x, y, width) => {
    const line = Math.min(1, width / 4);
    return box(x, y, width, CELL) + hole(x + line, y + line, width - 2 * line, CELL - 2 * line);
  },
};

function box(x: number, y: number, width: number, height: number): string {
  return `M${fine(x)} ${fine(y)}h${fine(width)}v${fine(height)}h${fine(-width)}z`;
}

/** The same the other way round: what lies in it is left out. */
function hole(x: number, y: number, width: number, height: number): string {
  return `M${fine(x)} ${fine(y)}v${fine(height)}h${fine(width)}v${fine(-height)}z`;
}

function fine(px: number): string {
  return String(Math.round(px * 100) / 100);
}
