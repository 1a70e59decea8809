import { expect, test } from 'vitest';
import { Memory } from '../../../src/protocol/memory.ts';

test('asks once for what is kept, also when the answer is nothing', () => {
  const memory = new Memory<number | undefined>(2);
  const asked: string[] = [];
  const ask = (question: string, answer: number | undefined) =>
    memory.get(question, () => {
      asked.push(question);
      return answer;
    });
  expect([ask('a', 1), ask('b', undefined), ask('a', 9), ask('b', 9)]).toEqual([
    ...[1, undefined, 1, undefined],
  ]);
  expect(asked).toEqual(['a', 'b']);
});

test('forgets the oldest when it is full', () => {
  const memory = new Memory<string>(2);
  for (const question of ['a', 'b', 'c']) memory.get(question, () => question);
  expect(memory.get('b', () => 'new')).toBe('b');
  expect(memory.get('a', () => 'new')).toBe('new');
});

test('keeps nothing of a failure', () => {
  const memory = new Memory<number>(1);
  expect(() =>
    memory.get('a', () => {
      throw new RangeError('not yet');
    }),
  ).toThrow(RangeError);
  expect(memory.get('a', () => 5)).toBe(5);
});
