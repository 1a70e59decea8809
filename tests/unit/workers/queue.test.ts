import { describe, expect, it } from 'vitest';
import type { ServedJob } from '../../../src/encoding/job.ts';
import { singleTask, TaskListJob } from '../../../src/encoding/task-list-job.ts';
import { geometryFor } from '../../../src/protocol/geometry.ts';
import { Hold } from '../../../src/protocol/hold.ts';
import { chooseJob, type QueuedJob, waitingBefore } from '../../../src/workers/queue.ts';

const task = () =>
  ({ kind: 'verify', geometry: geometryFor(4, 1), axis: 'primary', slivers: [] }) as const;

let order = 0;
function queued(o: {
  bytes: number;
  crew?: number;
  priority?: number;
  large?: boolean;
  stays?: boolean;
}): QueuedJob {
  const { bytes, crew = 0, priority = 0, large = false, stays = false } = o;
  const shape = { priority, bytes, small: !large, stays };
  const traits = { ...shape, threadCount: 2, depth: 1, repeatable: true };
  const job: ServedJob = new TaskListJob(traits, [task, task, task]);
  return { job, order: order++, crew, expected: false };
}

describe('chooseJob', () => {
  it('takes jobs that nobody serves by priority, then size, then age', () => {
    const [big, small, same] = [queued({ bytes: 9 }), queued({ bytes: 3 }), queued({ bytes: 3 })];
    expect(chooseJob([big, same, small])).toBe(small);
    const urgent = queued({ bytes: 50, priority: 1 });
    expect(chooseJob([big, small, urgent])).toBe(urgent);
  });

  it('helps the largest job if all are served, up to its number of threads', () => {
    const [a, b] = [queued({ bytes: 9, crew: 1 }), queued({ bytes: 90, crew: 1 })];
    expect(chooseJob([a, b])).toBe(b);
    b.crew = 2;
    expect(chooseJob([a, b])).toBe(a);
    a.crew = 2;
    expect(chooseJob([a, b])).toBeUndefined();
  });

  it('starts no second job that needs much memory', () => {
    const running = queued({ bytes: 9e9, crew: 2, large: true });
    const next = queued({ bytes: 1e9, large: true });
    expect(chooseJob([running, next])).toBeUndefined();
    const small = queued({ bytes: 2e9 });
    expect(chooseJob([running, next, small])).toBe(small);
  });

  it('passes over a job that is held', () => {
    const hold = new Hold();
    const traits = {
      priority: 1,
      bytes: 5,
      threadCount: 2,
      small: true,
      depth: 1,
      repeatable: true,
    };
    const held = { ...queued({ bytes: 5 }), job: new TaskListJob({ ...traits, hold }, [task]) };
    const other = queued({ bytes: 9 });
    hold.set(true);
    expect(chooseJob([held, other])).toBe(other);
    expect(waitingBefore([held], queued({ bytes: 9e9, crew: 2, large: true }))).toBeUndefined();
    hold.set(false);
    expect(chooseJob([held, other])).toBe(held);
  });

  it('does not send helpers to a job with nothing left to hand out', () => {
    const one = singleTask(task, 5, 0);
    one.take(0);
    expect(chooseJob([{ job: one, order: 0, crew: 1, expected: false }])).toBeUndefined();
  });
});

describe('waitingBefore', () => {
  it('frees a thread of a large job for each small one that waits', () => {
    const large = queued({ bytes: 9e9, crew: 2, large: true });
    const [small, other] = [queued({ bytes: 5 }), queued({ bytes: 6 })];
    const jobs = [large, small, other];
    expect(waitingBefore(jobs, large)).toBe(small);
    small.expected = true;
    expect(waitingBefore(jobs, large)).toBe(other);
    other.crew = 1;
    expect(waitingBefore(jobs, large)).toBeUndefined();
  });

  it('does not if the waiting job has a lower priority, or the own one is small', () => {
    const large = queued({ bytes: 9e9, crew: 2, large: true, priority: 1 });
    const small = queued({ bytes: 5, crew: 1 });
    expect(waitingBefore([large, queued({ bytes: 5 })], large)).toBeUndefined();
    expect(waitingBefore([small, queued({ bytes: 1 })], small)).toBeUndefined();
  });

  it('does not if the own job left results with its threads', () => {
    const large = queued({ bytes: 9e9, crew: 2, large: true, stays: true });
    expect(waitingBefore([large, queued({ bytes: 5 })], large)).toBeUndefined();
  });
});
