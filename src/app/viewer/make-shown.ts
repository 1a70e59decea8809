import type { BlobHead } from '../../engine/read-questions.ts';
import { contentType, SNIFF_BYTES } from '../../flows/read/content-type.ts';
import type { Shown } from './blob-state.ts';
import type { Gateway } from './gateway.ts';
import { shownAs } from './shown-as.ts';

/** So much of a text is shown. */
const TEXT_BYTES = 200_000;

/** A blob that elements fetch from the service worker. */
export async function shownBy(gateway: Gateway, blobId: string, head: BlobHead): Promise<Shown> {
  const shown: Shown = { head, way: 'gateway' };
  const kind = shownAs(head.type);
  if (kind === 'card') return shown;
  if (kind === 'document') return { ...shown, url: gateway.frameUrl(blobId) };
  if (kind !== 'text') return { ...shown, url: gateway.url(blobId) };
  return { ...shown, text: await textOf(await gateway.first(blobId, TEXT_BYTES), head.bytes) };
}

/** A blob that the page has all of. */
export async function shownWhole(blob: Blob, makeUrl: (blob: Blob) => string): Promise<Shown> {
  const type = contentType(new Uint8Array(await blob.slice(0, SNIFF_BYTES).arrayBuffer()));
  const kind = shownAs(type);
  const text = kind === 'text' ? { text: await textOf(blob.slice(0, TEXT_BYTES), blob.size) } : {};
  // What the page makes has no headers, without which a document would be one of this site.
  const why = kind === 'document' ? ({ why: 'no-worker' } as const) : {};
  const head = { status: 200, bytes: blob.size, type };
  return { head, way: 'memory', url: makeUrl(blob.slice(0, blob.size, type)), ...text, ...why };
}

async function textOf(begin: Blob, bytes: number): Promise<NonNullable<Shown['text']>> {
  return { begin: await begin.text(), isWhole: begin.size >= bytes };
}
