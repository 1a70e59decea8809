import { expect, it } from 'vitest';
import { idLines, idTable } from '../../../src/app/store/id-list.ts';
import { PrepareQueue } from '../../../src/flows/prepare-queue.ts';
import { EncoderDouble, fileOf, ManualClock } from '../../support/encoder-double.ts';

async function prepared(...names: string[]): Promise<PrepareQueue> {
  const clock = new ManualClock();
  const encoder = new EncoderDouble();
  const queue = new PrepareQueue({ encoder, clock, shardCount: 1000 });
  queue.add(names.map((name) => ({ file: fileOf(name), folder: 'in, here' })));
  await clock.pass(1);
  for (const name of names) encoder.callFor(name).finish({ blobId: `-${'i'.repeat(42)}` });
  await clock.pass(200);
  return queue;
}

it('copies one ID alone, and several with their names', async () => {
  const id = `-${'i'.repeat(42)}`;
  expect(idLines(await prepared('a'))).toBe(id);
  expect(idLines(await prepared('a', 'b'))).toBe(`${id}\ta\n${id}\tb`);
  expect(idLines(await prepared('a\nb\tc', 'd'))).toBe(`${id}\ta b c\n${id}\td`);
});

it('quotes cells and defuses names that a spreadsheet would run, but not IDs', async () => {
  const table = idTable(await prepared('=cmd()', 'say "hi".txt'));
  const [head, first = '', second = ''] = table.split('\r\n');
  expect(head).toBe('name,folder,bytes,blobId,encodedBytes,shardCount');
  expect(first).toMatch(/^'=cmd\(\),"in, here",10,-i{42},50,1000$/);
  expect(second).toMatch(/^"say ""hi"".txt",/);
});
