import { HauloutError } from '../protocol/errors.ts';

export const BYTES_TYPE = 'application/octet-stream';

/** Longest JSON that is read; everything that nodes and relays say in it is far shorter. */
export const JSON_LIMIT = 256 << 10;

/**
 * The whole body. It is taken piece by piece: where a body that a page made breaks off while Firefox itself gathers it,
 * that is written on the console as an error, also if the promise is handled.
 *
 * @throws HauloutError of `Transport`
 */
export async function bytesOf({ body }: Response): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  const reader = body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    pieces.push(next.value);
  }
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The whole body as UTF-8. @throws HauloutError of `Transport` */
export async function textOf(response: Response): Promise<string> {
  return new TextDecoder().decode(await bytesOf(response));
}

/**
 * The body as JSON.
 *
 * @throws HauloutError 'answer-unusable', and those of `Transport`
 */
export async function jsonOf(response: Response, host: string): Promise<unknown> {
  const text = await textOf(response);
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
