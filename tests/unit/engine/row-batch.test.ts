import { expect, test } from 'vitest';
import { RowBatch } from '../../../src/engine/row-batch.ts';
import type { RowNews } from '../../../src/transfer/read/read-types.ts';
import { systemClock } from '../../../src/workers/doors.ts';

const row = (index: number): RowNews => ({
  ...{ index, rowCount: 3, origin: 'node', wrongFrom: [], slowNodes: [] },
});

test('all rows are heard before the end, whatever way the end takes', async () => {
  const heard: number[][] = [];
  const batch = new RowBatch(systemClock, async (rows) => {
    await new Promise((resolve) => setTimeout(resolve, 20)); // another port is slower
    heard.push(rows.map(({ index }) => index));
  });
  batch.add(row(0));
  batch.add(row(1));
  await batch.end();
  expect(heard).toEqual([[0, 1]]);
  batch.add(row(2));
  await systemClock.sleep(105); // told, and not heard yet
  await batch.end();
  expect(heard).toEqual([[0, 1], [2]]);
});
