/** What one block of the strip stands for. */
export type BlockState = 'waiting' | 'sending' | 'confirming' | 'confirmed' | 'failed';

export const BLOCK_STATES: readonly BlockState[] = [
  ...(['confirmed', 'confirming', 'sending', 'waiting', 'failed'] as const),
];

export interface StripNode {
  /** shards */
  readonly weight: number;
  readonly state: BlockState;
}

/** Shards by the state of their nodes; together all shards. */
export type StripCounts = Readonly<Record<BlockState, number>>;

/** SVG path data by state, and the size of it all in px. */
export interface StripPicture {
  readonly paths: Readonly<Record<BlockState, string>>;
  readonly height: number;
}

const ROW = 24;
const ROW_GAP = 4;
const GAP = 2;
/** a block is never so narrow that it cannot be seen, whatever its share */
const NARROWEST = 1;
const LEAST_IN_ROW = 24;
const WIDE = 700;

export function countShares(nodes: readonly StripNode[]): StripCounts {
  const counts = { waiting: 0, sending: 0, confirming: 0, confirmed: 0, failed: 0 };
  for (const { weight, state } of nodes) counts[state] += weight;
  return counts;
}

/**
 * One block per node in the order given, as wide as its share. On narrow screens it wraps into rows of
 * about equal weight.
 *
 * @param width in px
 */
export function drawStrip(nodes: readonly StripNode[], width: number): StripPicture {
  const rows = inRows(nodes, width >= WIDE ? 1 : 3);
  const heaviest = Math.max(1, ...rows.map((row) => row.reduce((sum, n) => sum + n.weight, 0)));
  const paths = { waiting: '', sending: '', confirming: '', confirmed: '', failed: '' };
  for (const [at, row] of rows.entries()) {
    const y = at * (ROW + ROW_GAP);
    let before = 0;
    for (const { weight, state } of row) {
      const x = (before / heaviest) * width;
      const full = (weight / heaviest) * width;
      const wide = Math.max(NARROWEST, full - GAP);
      paths[state] += (SHAPES[state] ?? block)(x, y, wide);
      before += weight;
    }
  }
  return { paths, height: Math.max(1, rows.length) * (ROW + ROW_GAP) - ROW_GAP };
}

/** Rows whose weights are as equal as whole nodes allow; never rows of a few nodes only. */
function inRows(nodes: readonly StripNode[], most: number): StripNode[][] {
  const count = Math.max(1, Math.min(most, Math.floor(nodes.length / LEAST_IN_ROW)));
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  const rows: StripNode[][] = Array.from({ length: count }, () => []);
  let before = 0;
  for (const node of nodes) {
    const middle = before + node.weight / 2;
    rows[Math.min(count - 1, Math.floor((middle / total) * count))]?.push(node);
    before += node.weight;
  }
  return rows;
}

/** Filled states that would differ from a confirmed one by their colour alone. */
const SHAPES: Partial<Record<BlockState, typeof block>> = { confirming: half, failed: notched };

function block(x: number, y: number, width: number): string {
  return `M${fine(x)} ${y}h${fine(width)}v${ROW}h${fine(-width)}z`;
}

/** The lower half: pieces are there, the signature is still to come. */
function half(x: number, y: number, width: number): string {
  return `M${fine(x)} ${y + ROW / 2}h${fine(width)}v${ROW / 2}h${fine(-width)}z`;
}

/** With a notch at the top, so that it differs without its colour. */
function notched(x: number, y: number, width: number): string {
  const half = width / 2;
  const depth = ROW / 3;
  return `M${fine(x)} ${y}l${fine(half)} ${depth}l${fine(half)} ${-depth}v${ROW}h${fine(-width)}z`;
}

function fine(px: number): string {
  return String(Math.round(px * 100) / 100);
}
