import { HauloutError } from '../protocol/errors.ts';

export const BYTES_TYPE = 'application/octet-stream';

/** Longest JSON that is read; everything that nodes and relays say in it is far shorter. */
export const JSON_LIMIT = 256 << 10;

/** The whole body. @throws HauloutError of `Transport` */
export async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The body as JSON.
 *
 * @throws HauloutError 'answer-unusable', and those of `Transport`
 */
export async function jsonOf(response: Response, host: string): Promise<unknown> {
  const text = await response.text();
  if (isType(response, 'application/json')) {
    try {
      return JSON.parse(text);
    } catch {
      // told below
    }
  }
  throw new HauloutError('answer-unusable', { host, reason: 'not-json' });
}

export function isType(response: Response, type: string): boolean {
  const said = response.headers.get('content-type') ?? '';
  return said.split(';')[0]?.trim().toLowerCase() === type;
}

/** A field of something that came as JSON; undefined where there is none. */
export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}

/** The bytes of standard base64; undefined for anything else. */
export function fromBase64(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
