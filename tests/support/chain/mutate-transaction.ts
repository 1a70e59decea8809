import { fromBase64, toBase64 } from '@mysten/bcs';
import { bcs } from '@mysten/sui/bcs';

type Data = (typeof bcs.TransactionData)['$inferType'];
type Below = (limit: number) => number;

interface Leaf {
  readonly path: string;
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/**
 * Changes one field of a transaction, or one byte of it, or leaves out or repeats one command or
 * argument.
 *
 * @returns undefined if the change is none: the bytes stay what they were, or cannot be written
 */
export function mutateTransaction(
  bytes: Uint8Array,
  below: Below,
): { what: string; bytes: Uint8Array } | undefined {
  const [what, changed] = below(4) === 0 ? changeByte(bytes, below) : changeField(bytes, below);
  if (changed === undefined) return undefined;
  const isSame = changed.length === bytes.length && changed.every((byte, i) => byte === bytes[i]);
  return isSame ? undefined : { what, bytes: changed };
}

function changeByte(bytes: Uint8Array, below: Below): [string, Uint8Array] {
  const at = below(bytes.length);
  const changed = bytes.slice();
  changed[at] = (changed[at] ?? 0) ^ (1 + below(255));
  return [`byte ${at}`, changed];
}

function changeField(bytes: Uint8Array, below: Below): [string, Uint8Array | undefined] {
  const data: Data = bcs.TransactionData.parse(bytes);
  const what = below(5) === 0 ? changeList(data, below) : changeLeaf(data, below);
  try {
    return [what, bcs.TransactionData.serialize(data, { maxSize: 1 << 18 }).toBytes()];
  } catch {
    return [what, undefined];
  }
}

function changeLeaf(data: Data, below: Below): string {
  const leaves = leavesOf(data.V1, 'V1');
  const leaf = leaves[below(leaves.length)];
  if (leaf === undefined) throw new Error('a transaction without fields');
  const { holder, key, path } = leaf;
  holder[key] = changedValue(key, holder[key], below);
  return `${path} to ${holder[key]}`;
}

function changedValue(key: string, value: unknown, below: Below): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + (value > 0 && below(2) === 0 ? -1 : 1);
  const text = String(value);
  if (key === 'bytes') {
    const changed = fromBase64(text);
    if (changed.length === 0) return toBase64(Uint8Array.of(1));
    const at = below(changed.length);
    changed[at] = (changed[at] ?? 0) ^ (1 + below(255));
    return toBase64(changed);
  }
  if (/^0x/.test(text)) {
    const at = 2 + below(text.length - 2);
    return (
      text.slice(0, at) +
      ((Number.parseInt(text[at] ?? '0', 16) + 1) % 16).toString(16) +
      text.slice(at + 1)
    );
  }
  if (/^\d+$/.test(text)) return String(BigInt(text) + 1n);
  const at = below(text.length);
  return `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
}

/** Everything in it that is no list and no struct. */
function leavesOf(node: object, path: string): Leaf[] {
  const holder = node as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => {
    const value = holder[key];
    if (key === '$kind' || value === undefined || value === null) return [];
    const where = `${path}.${key}`;
    return typeof value === 'object' ? leavesOf(value, where) : [{ path: where, holder, key }];
  });
}

/** Leaves out or repeats an entry of a list: a command, an argument, an input, a coin. */
function changeList(data: Data, below: Below): string {
  const lists = listsOf(data.V1, 'V1');
  const found = lists[below(lists.length)];
  if (found === undefined) return 'no list';
  const { list, path } = found;
  const at = below(list.length);
  if (below(2) === 0) list.splice(at, 1);
  else list.splice(below(list.length + 1), 0, list[at]);
  return `${path}, entry ${at}`;
}

function listsOf(node: object, path: string): { list: unknown[]; path: string }[] {
  if (Array.isArray(node) && typeof node[0] === 'number') return []; // one of several results
  const own = Array.isArray(node) && node.length > 0 ? [{ list: node, path }] : [];
  const inside = Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null ? listsOf(value, `${path}.${key}`) : [],
  );
  return [...own, ...inside];
}
