import { beforeEach, describe, expect, it } from 'vitest';
import { CompareFlow, readPastedId } from '../../../src/flows/compare-flow.ts';
import { HauloutError } from '../../../src/protocol/errors.ts';
import { EncoderDouble, fileOf, ManualClock, settle } from '../../support/encoder-double.ts';

const ID = 'vldooumlbSRuiUvv54k0MowsF5afG7SVC0b9oXufbzQ';
const OTHER = 'P_bBomOv5JFfmkDLnNqWwL93B7ZzqycH8yswxm0nbtA';

let encoder: EncoderDouble;
let flow: CompareFlow;

beforeEach(() => {
  encoder = new EncoderDouble();
  flow = new CompareFlow({ encoder, clock: new ManualClock(), shardCount: 1000 });
});

describe('readPastedId', () => {
  it('takes an ID with spaces around it', () => {
    expect(readPastedId(`  ${ID}\n`)).toEqual({ kind: 'id', blobId: ID, isInside: false });
  });

  it('finds an ID inside a link', () => {
    const link = `https://aggregator.example/v1/blobs/${ID}?x=1`;
    expect(readPastedId(link)).toEqual({ kind: 'id', blobId: ID, isInside: true });
  });

  it('says what is wrong with anything else', () => {
    const pasted = readPastedId('not an ID');
    expect(pasted).toMatchObject({ kind: 'malformed', error: { code: 'blob-id-malformed' } });
  });

  it('takes nothing for nothing', () => {
    expect(readPastedId('  ')).toEqual({ kind: 'none' });
  });
});

describe('CompareFlow', () => {
  it('says yes when the IDs agree, whichever came first', async () => {
    void flow.setFile(fileOf('a'));
    encoder.callFor('a').finish({ blobId: ID });
    await settle();
    expect(flow.view().isSame).toBeUndefined();
    flow.setText(ID);
    expect(flow.view().isSame).toBe(true);
    flow.setText(OTHER);
    expect(flow.view().isSame).toBe(false);
    flow.setText('half of an ID');
    expect(flow.view().isSame).toBeUndefined();
  });

  it('drops an earlier file when another comes', async () => {
    flow.setText(ID);
    void flow.setFile(fileOf('a'));
    void flow.setFile(fileOf('b'));
    expect(encoder.callFor('a').options.signal?.aborted).toBe(true);
    encoder.callFor('b').finish({ blobId: ID });
    await settle();
    expect(flow.view()).toMatchObject({ isSame: true, compared: { file: { name: 'b' } } });
  });

  it('shows progress and can be stopped', async () => {
    void flow.setFile(fileOf('a', 100));
    encoder.callFor('a').progress(40);
    expect(flow.view().compared).toMatchObject({ kind: 'working', progress: { bytesDone: 40 } });
    flow.stop();
    await settle();
    expect(flow.view().compared).toEqual({ kind: 'none' });
  });

  it('keeps an error', async () => {
    void flow.setFile(fileOf('a'));
    encoder.callFor('a').fail(new HauloutError('file-unreadable', {}));
    await settle();
    expect(flow.view().compared).toMatchObject({
      kind: 'failed',
      error: { code: 'file-unreadable' },
    });
  });
});
