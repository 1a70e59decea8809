import { readBody } from '../node/body.ts';
import { AdminError } from './admin-error.ts';

const MAX_BODY = 1 << 20;

export type Json = Readonly<Record<string, unknown>>;

/** The JSON of a request; an absent body is an empty object. @throws AdminError 400 */
export async function jsonOf(request: Request): Promise<unknown> {
  const text = new TextDecoder().decode(await readBody(request, MAX_BODY));
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new AdminError(400, 'the body is not JSON');
  }
}

/** The same, when an object is expected with no other fields than these. */
export async function fieldsOf(request: Request, ...names: string[]): Promise<Json> {
  const value = await jsonOf(request);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AdminError(400, 'the body is not a JSON object');
  }
  const extra = Object.keys(value).find((name) => !names.includes(name));
  if (extra !== undefined) {
    throw new AdminError(400, `unknown field ${extra}; known are ${names.join(', ')}`);
  }
  return value as Json;
}

export function numberIn(fields: Json, name: string, fallback?: number): number {
  const value = fields[name] ?? fallback;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw new AdminError(400, `${name} is not a number`);
}

export function textIn(fields: Json, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new AdminError(400, `${name} is not a text`);
}

/** A whole amount: a number, or text for those beyond the numbers of JSON. */
export function amountIn(fields: Json, name: string): bigint {
  const value = fields[name];
  if (Number.isSafeInteger(value) && (value as number) >= 0) return BigInt(value as number);
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  throw new AdminError(400, `${name} is not a whole amount`);
}
