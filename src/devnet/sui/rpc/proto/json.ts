import { toBase64 } from '@mysten/bcs';
import type { Registry } from '../../types/registry.ts';
import { parseType } from '../../types/type-tag.ts';
import type { Value } from './google.ts';

/** A value as full nodes render it: numbers from u64 on as text, bytes in base64. */
export function jsonValue(value: unknown): Value {
  if (value === null || value === undefined)
    return { kind: { oneofKind: 'nullValue', nullValue: 0 } };
  if (typeof value === 'boolean') return { kind: { oneofKind: 'boolValue', boolValue: value } };
  if (typeof value === 'number') return { kind: { oneofKind: 'numberValue', numberValue: value } };
  if (value instanceof Uint8Array) return text(toBase64(value));
  if (typeof value !== 'object') return text(String(value));
  if (Array.isArray(value)) {
    return { kind: { oneofKind: 'listValue', listValue: { values: value.map(jsonValue) } } };
  }
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [
      name === '$kind' ? '@variant' : name,
      jsonValue(inside),
    ]),
  );
  return { kind: { oneofKind: 'structValue', structValue: { fields } } };
}

const text = (stringValue: string): Value => ({
  kind: { oneofKind: 'stringValue', stringValue },
});

/** Contents of a struct as JSON; undefined when they cannot be read. */
export function contentsJson(
  registry: Registry,
  type: string,
  contents: Uint8Array,
): Value | undefined {
  try {
    return jsonValue(registry.layout(parseType(type)).parse(contents));
  } catch {
    return undefined;
  }
}
