import { invalid } from '../status.ts';
import type { FieldMask } from './proto/google.ts';

/** What is needed to know of a protobuf message to cut it down. */
interface MessageType {
  readonly typeName: string;
  readonly fields: readonly {
    readonly name: string;
    readonly localName: string;
    readonly kind: string;
    readonly oneof?: string | undefined;
    readonly repeat?: number | undefined;
    readonly T?: unknown;
  }[];
}

/** The wanted fields; an empty tree is a whole subtree. */
type Tree = Map<string, Tree>;

const MAX_PATHS = 256;

/**
 * Leaves in `message` only what `mask` names, or `defaults` when there is no mask.
 *
 * @param type with its reflection, from `GrpcTypes`
 * @throws RpcStatus INVALID_ARGUMENT for a path that the type does not have
 */
export function applyMask<T extends object>(
  type: object,
  message: T,
  mask: FieldMask | undefined,
  defaults: readonly string[],
): T {
  const paths = mask && mask.paths.length > 0 ? mask.paths : defaults;
  if (paths.includes('*')) return message;
  return prune(type as MessageType, message as Record<string, unknown>, treeOf(type, paths)) as T;
}

/** Whether the mask asks for `path` or something below or above it: for parts that are dear to make. */
export function wants(mask: FieldMask | undefined, path: string): boolean {
  return (mask?.paths ?? []).some(
    (each) =>
      each === path || each.startsWith(`${path}.`) || path.startsWith(`${each}.`) || each === '*',
  );
}

function treeOf(type: object, paths: readonly string[]): Tree {
  if (paths.length > MAX_PATHS) throw invalid(`invalid read_mask: ${paths.length} paths`);
  const root: Tree = new Map();
  for (const path of paths) {
    let level = root;
    let at: MessageType | undefined = type as MessageType;
    let whole = false;
    for (const name of path.split('.')) {
      const field: Field | undefined = at?.fields.find(
        (each) => each.name === name || each.localName === name,
      );
      if (!field) throw invalid(`invalid read_mask: there is no field ${path.slice(0, 120)}`);
      if (whole) break;
      const next = level.get(field.localName);
      // The whole subtree is wanted already.
      whole = next !== undefined && next.size === 0;
      if (!next) level.set(field.localName, new Map());
      level = level.get(field.localName) as Tree;
      at =
        typeof field.T === 'function' && field.kind === 'message'
          ? (field.T() as MessageType)
          : undefined;
    }
    if (!whole) level.clear();
  }
  return root;
}

function prune(type: MessageType, message: Record<string, unknown>, tree: Tree): object {
  if (tree.size === 0) return message;
  const kept: Record<string, unknown> = {};
  for (const field of type.fields) {
    const subtree = tree.get(field.localName);
    if (field.oneof !== undefined) {
      keepOneof(field, subtree, message, kept);
      continue;
    }
    const value = message[field.localName];
    if (!subtree) {
      // Lists must be there, even when they are empty.
      if (field.repeat) kept[field.localName] = [];
      continue;
    }
    if (value !== undefined) kept[field.localName] = pruneField(field, value, subtree);
  }
  return kept;
}

type Field = MessageType['fields'][number];

function keepOneof(
  field: Field,
  subtree: Tree | undefined,
  from: Record<string, unknown>,
  to: Record<string, unknown>,
) {
  const name = field.oneof as string;
  const choice = from[name] as
    | { oneofKind: string | undefined; [key: string]: unknown }
    | undefined;
  to[name] ??= { oneofKind: undefined };
  if (!subtree || choice?.oneofKind !== field.localName) return;
  to[name] = {
    oneofKind: field.localName,
    [field.localName]: pruneField(field, choice[field.localName], subtree),
  };
}

function pruneField(field: Field, value: unknown, tree: Tree): unknown {
  if (tree.size === 0 || field.kind !== 'message' || typeof field.T !== 'function') return value;
  const type = field.T() as MessageType;
  if (Array.isArray(value)) return value.map((each) => prune(type, each, tree));
  return prune(type, value as Record<string, unknown>, tree);
}
