import { expect, it } from 'vitest';
import { progressOf, shareOf } from '../../../src/app/uploads/upload-progress.ts';
import type { FileProgress, StoreState } from '../../../src/flows/store/types.ts';

const file = (state: StoreState, storedBytes: number): FileProgress => ({
  ...{ blobId: 'A', bytes: 1, state, storedBytes, neededBytes: 100 },
  ...{ confirmedWeight: 0, quorumWeight: 7 },
});

it('is full only once nodes have signed, however many bytes are out', () => {
  expect(shareOf(file('uploading', 1_000))).toBe(0.99);
  expect(progressOf({ files: [file('uploading', 1_000)] })).toMatchObject({
    ...{ share: 0.99, isSigning: true, storedBytes: 100 },
  });
  expect(progressOf({ files: [file('certifying', 100)] })).toMatchObject({
    ...{ share: 1, isSigning: false },
  });
});

it('adds files up by what each has to send', () => {
  const files = [file('certified', 100), file('uploading', 50), file('already-stored', 0)];
  expect(progressOf({ files })).toMatchObject({
    ...{ share: 0.75, isSigning: false, storedBytes: 150, neededBytes: 200 },
  });
});
