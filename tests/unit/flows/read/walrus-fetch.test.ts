import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { WalrusFetch } from '../../../../src/flows/read/walrus-fetch.ts';
import { type LabBlob, ReadLab } from '../../../support/read-lab.ts';

/** A comment that reaches over more than one row, with a picture behind it. */
const SVG = new TextEncoder().encode(
  `<!--${'x'.repeat(100)}--><svg xmlns="http://www.w3.org/2000/svg"/>`,
);

let lab: ReadLab;
let blob: LabBlob;

beforeAll(async () => {
  lab = await ReadLab.open(PROFILES.tiny);
  blob = await lab.storeBytes(SVG);
}, 60_000);
afterAll(() => lab.close());

const ask = (
  blobId: string,
  init: { headers?: HeadersInit; contentType?: string; method?: string },
) => lab.clock.drive(new WalrusFetch(lab.reads()).fetch(blobId, init));

describe('walrusFetch', () => {
  it.each([
    ['that is read from the begin', {}],
    ['of which a part is asked for', { headers: { range: 'bytes=20-30' } }],
    ['of which nothing is asked for', { method: 'HEAD' }],
  ])('looks at several short rows for the type of a blob %s', async (_, init) => {
    expect(blob.encoded.primarySlivers[0]?.length).toBeLessThan(SVG.length / 3);
    const response = await ask(blob.blobId, { ...init, contentType: 'image/svg+xml' });
    expect(response.headers.get('content-type')).toBe('image/svg+xml');
    const bytes = new Uint8Array(await lab.clock.drive(response.arrayBuffer()));
    const [begin, end] = 'method' in init ? [0, 0] : 'headers' in init ? [20, 31] : [0, SVG.length];
    expect(bytes).toEqual(SVG.slice(begin, end));
  });

  it.each(['*', 'W/"x", *'])('knows whether there is a blob before %s matches it', async (tags) => {
    const headers = { 'if-none-match': tags };
    expect((await ask(blob.blobId, { headers })).status).toBe(304);
    expect((await ask('A'.repeat(43), { headers })).status).toBe(404);
  });
});
