import { expect, it } from 'vitest';
import { applyUpdate, JobUpdates } from '../../../src/engine/job-updates.ts';
import type { JobSnapshot, NodeProgress } from '../../../src/flows/store/types.ts';

const node = (nodeId: string, state: NodeProgress['state']) => ({ nodeId, weight: 1, state });
const file = (storedBytes: number) => ({
  ...{ blobId: 'b', bytes: 9, state: 'uploading' as const, storedBytes },
  ...{ neededBytes: 9, confirmedWeight: 0, quorumWeight: 7 },
});
const snapshot = (change: Partial<JobSnapshot>): JobSnapshot => ({
  ...{ jobId: 'j', state: 'uploading', paid: 'paid', isPaused: false, files: [file(0), file(0)] },
  ...change,
});

it('sends only files and nodes that changed, from which the same snapshot comes', () => {
  const updates = new JobUpdates();
  const first = snapshot({ nodes: [node('a', 'waiting'), node('b', 'waiting')] });
  const second = snapshot({
    files: [file(0), file(5)],
    nodes: [node('a', 'waiting'), node('b', 'sending')],
  });
  const seen = applyUpdate(undefined, updates.next(first, false));
  expect(seen).toEqual(first);
  const update = updates.next(second, false);
  expect(update.nodes).toEqual({ length: 2, changed: [[1, node('b', 'sending')]] });
  expect(update.files).toEqual({ length: 2, changed: [[1, file(5)]] });
  const next = applyUpdate(seen, update);
  expect(next).toEqual(second);
  expect(next.files[0]).toBe(seen.files[0]);
  const same = applyUpdate(next, updates.next(snapshot(second), true));
  expect(same.nodes).toBe(next.nodes);
});

it('follows a committee that has become smaller', () => {
  const updates = new JobUpdates();
  const first = snapshot({ nodes: [node('a', 'confirmed'), node('b', 'confirmed')] });
  const second = snapshot({ nodes: [node('c', 'waiting')], isNewEpoch: true });
  const seen = applyUpdate(undefined, updates.next(first, false));
  expect(applyUpdate(seen, updates.next(second, false))).toEqual(second);
});
