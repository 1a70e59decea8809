import { Code, invalid, RpcStatus } from '../status.ts';

const DATA = 0x00;
const COMPRESSED = 0x01;
const TRAILER = 0x80;
const HEAD = 5;

function frame(flag: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD + payload.length);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, payload.length);
  bytes.set(payload, HEAD);
  return bytes;
}

export const dataFrame = (message: Uint8Array): Uint8Array => frame(DATA, message);

/** The end of every answer. The message is percent-encoded: headers are ASCII. */
export function trailerFrame(code: number, message: string): Uint8Array {
  const lines = `grpc-status:${code}\r\n${message ? `grpc-message:${encodeURIComponent(message)}\r\n` : ''}`;
  return frame(TRAILER, new TextEncoder().encode(lines));
}

/**
 * The one message of a request.
 *
 * @throws RpcStatus when the frame is cut, compressed, or not alone
 */
export function readMessage(body: Uint8Array): Uint8Array {
  if (body.length < HEAD)
    throw invalid(`a frame needs 5 bytes at least, the body has ${body.length}`);
  if (body[0] === COMPRESSED) {
    throw new RpcStatus(Code.unimplemented, 'compressed messages are not supported');
  }
  if (body[0] !== DATA) throw invalid(`0x${body[0]?.toString(16)} is not the flag of a data frame`);
  const length = new DataView(body.buffer, body.byteOffset).getUint32(1);
  const rest = body.length - HEAD;
  if (rest < length)
    throw invalid(`the frame is cut: ${length} bytes were announced, ${rest} are here`);
  if (rest > length) throw invalid(`${rest - length} bytes follow the message`);
  return body.subarray(HEAD);
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** The text form of grpc-web: base64, possibly of several parts that were encoded one by one. */
export function decodeText(body: Uint8Array): Uint8Array {
  const text = new TextDecoder('latin1').decode(body).trim();
  const parts = text.match(/[^=]+={0,2}/g) ?? [];
  const decoded = parts.map((part) => {
    if (!BASE64.test(part) || part.length % 4 !== 0) throw invalid('the body is not base64');
    return Uint8Array.from(atob(part), (letter) => letter.charCodeAt(0));
  });
  const bytes = new Uint8Array(decoded.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of decoded) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
