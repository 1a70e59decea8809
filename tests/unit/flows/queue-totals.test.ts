import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ItemEvent,
  newItem,
  type QueueItem,
  reduceItem,
} from '../../../src/flows/prepare-item.ts';
import {
  doneShare,
  NO_FILES,
  openCount,
  shiftTotals,
  workLeft,
  workOf,
} from '../../../src/flows/queue-totals.ts';
import { fileOf, progressOf, summaryOf } from '../../support/encoder-double.ts';

const anyEvent = (bytes: number): fc.Arbitrary<ItemEvent> =>
  fc.oneof(
    fc.constant<ItemEvent>({ type: 'started' }),
    fc.double({ min: 0, max: 1, noNaN: true }).map((share): ItemEvent => {
      const progress = progressOf(Math.floor(bytes * share), bytes);
      return { type: 'progressed', progress, pace: undefined };
    }),
    fc.constant<ItemEvent>({ type: 'prepared', summary: summaryOf(bytes), tookMs: 1 }),
    fc.constant<ItemEvent>({ type: 'failed', error: new Error('x') }),
    fc.constantFrom<ItemEvent>(
      { type: 'paused' },
      { type: 'resumed', goesOn: false },
      { type: 'resumed', goesOn: true },
      { type: 'lost' },
      { type: 'stopped' },
      { type: 'retried' },
    ),
  );

const anyFiles = fc.array(
  fc.nat(1e9).chain((bytes) =>
    fc.record({
      bytes: fc.constant(bytes),
      events: fc.array(anyEvent(bytes), { maxLength: 12 }),
    }),
  ),
  { maxLength: 8 },
);

describe('totals by differences', () => {
  it('equal the totals counted anew, whatever happened', () => {
    fc.assert(
      fc.property(anyFiles, (files) => {
        let running = NO_FILES;
        const ends: QueueItem[] = [];
        for (const [at, { bytes, events }] of files.entries()) {
          let item = newItem(`f${at}`, { file: fileOf(`f${at}`, bytes), folder: '' });
          running = shiftTotals(running, undefined, item);
          for (const event of events) {
            const next = reduceItem(item, event);
            running = shiftTotals(running, item, next);
            item = next;
          }
          ends.push(item);
        }
        const anew = ends.reduce((sum, item) => shiftTotals(sum, undefined, item), NO_FILES);
        expect(running.states).toEqual(anew.states);
        expect(running.bytes).toBe(anew.bytes);
        expect(running.workDone).toBeCloseTo(anew.workDone, 2);
        expect(running.columnWork).toBeCloseTo(anew.columnWork, 2);
        const emptied = ends.reduce((sum, item) => shiftTotals(sum, item, undefined), running);
        expect(emptied.states).toEqual(NO_FILES.states);
        expect(emptied.bytes).toBe(0);
      }),
    );
  });

  it('keep shares and rests in their bounds', () => {
    fc.assert(
      fc.property(anyFiles, (files) => {
        const totals = files.reduce((sum, { bytes, events }, at) => {
          const first = newItem(`f${at}`, { file: fileOf(`f${at}`, bytes), folder: '' });
          return shiftTotals(sum, undefined, events.reduce(reduceItem, first));
        }, NO_FILES);
        expect(doneShare(totals)).toBeGreaterThanOrEqual(0);
        expect(doneShare(totals)).toBeLessThanOrEqual(1);
        expect(workLeft(totals)).toBeGreaterThanOrEqual(0);
        if (openCount(totals) === 0 && totals.states.ready > 0) expect(doneShare(totals)).toBe(1);
      }),
    );
  });

  it('counts a small file as the work that it is, not by its bytes', () => {
    expect(workOf(fileOf('empty', 0))).toBe(334 * 667 * 2);
    expect(workOf(fileOf('large', 1e9))).toBe(1e9);
    const empty = newItem('a', { file: fileOf('a', 0), folder: '' });
    const ready = reduceItem(reduceItem(empty, { type: 'started' }), {
      type: 'prepared',
      summary: summaryOf(0),
      tookMs: 1,
    });
    const one = shiftTotals(shiftTotals(NO_FILES, undefined, empty), undefined, ready);
    expect(doneShare(one)).toBe(0.5);
  });
});
