import { expect, it } from 'vitest';
import { NodeBoard } from '../../../../src/flows/store/node-board.ts';

const committee = (epoch: number) => ({
  epoch,
  shardCount: 10,
  members: ['a', 'b'].map((nodeId, at) => ({
    nodeId,
    publicKey: new Uint8Array(),
    weight: 5 + at,
  })),
});
const statesOf = ({ nodes }: NodeBoard) => nodes.map(({ state }) => state);

it('tells of each node where it is with the blob that is furthest behind', () => {
  const board = new NodeBoard();
  expect(board.nodes).toEqual([]);
  board.begin('x', committee(7));
  board.begin('y', committee(7));
  expect(board.nodes).toEqual([
    { nodeId: 'a', weight: 5, state: 'waiting' },
    { nodeId: 'b', weight: 6, state: 'waiting' },
  ]);
  board.node('x', 'a', 'confirmed');
  board.node('y', 'a', 'sending');
  board.node('x', 'b', 'confirmed');
  expect(statesOf(board)).toEqual(['sending', 'waiting']);
  board.node('y', 'b', 'failed');
  expect(statesOf(board)).toEqual(['sending', 'failed']);
});

it('leaves blobs out that are done, but keeps the last', () => {
  const board = new NodeBoard();
  for (const blob of ['x', 'y']) board.begin(blob, committee(7));
  board.node('y', 'a', 'confirmed');
  board.end('x');
  board.node('x', 'a', 'failed'); // its tail is not shown
  expect(statesOf(board)).toEqual(['confirmed', 'waiting']);
  board.end('y');
  expect(statesOf(board)).toEqual(['confirmed', 'waiting']);
});

it('begins anew in another epoch, and says so', () => {
  const board = new NodeBoard();
  board.begin('x', committee(7));
  board.node('x', 'a', 'confirmed');
  board.begin('x', committee(7)); // another try
  expect(board.isNewEpoch).toBe(false);
  board.begin('x', committee(8));
  expect(board.isNewEpoch).toBe(true);
  expect(statesOf(board)).toEqual(['waiting', 'waiting']);
});
