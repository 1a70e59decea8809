import { describe, expect, it } from 'vitest';
import { choosePath, type PathQuestion } from '../../../src/transfer/choose-path.ts';

const RELAY = { isHealthy: true, tipMist: 100n, approvedTipMist: 100n };
const ASK: PathQuestion = {
  ...{ shardCount: 1000, nodeCount: 100, unencodedBytes: 300e6, slivers: true },
  uplinkBytesPerSecond: 1_250_000,
  relay: RELAY,
};
const { relay: _, ...NO_RELAY } = ASK;

describe('choosePath', () => {
  it.each<[string, PathQuestion, ReturnType<typeof choosePath>]>([
    [
      'sends a large file over a slow line through the relay',
      ASK,
      { first: 'relay', relay: true, direct: true, reason: 'uplink' },
    ],
    [
      'sends a small file to the nodes',
      { ...ASK, unencodedBytes: 1e6 },
      { first: 'direct', relay: true, direct: true, reason: 'no-need' },
    ],
    [
      'sends a large file over a fast line to the nodes',
      { ...ASK, uplinkBytesPerSecond: 1e9 },
      { first: 'direct', relay: true, direct: true, reason: 'no-need' },
    ],
    [
      'never uses a relay that wants more than was approved',
      { ...ASK, relay: { ...RELAY, tipMist: 101n } },
      { first: 'direct', relay: false, direct: true, reason: 'relay-too-dear' },
    ],
    [
      'never sends more than a relay takes',
      { ...ASK, unencodedBytes: 2 ** 30 + 1 },
      { first: 'direct', relay: false, direct: true, reason: 'relay-too-small' },
    ],
    [
      'keeps a relay that is down as a second way',
      { ...ASK, relay: { ...RELAY, isHealthy: false } },
      { first: 'direct', relay: true, direct: true, reason: 'relay-unhealthy' },
    ],
    [
      'takes the relay when too few nodes can be reached from here, counted in shards',
      { ...ASK, unencodedBytes: 1, reachableWeight: 666 },
      { first: 'relay', relay: true, direct: true, reason: 'nodes-unreachable' },
    ],
    [
      'goes direct when just enough can be reached',
      { ...ASK, unencodedBytes: 1, reachableWeight: 667 },
      { first: 'direct', relay: true, direct: true, reason: 'no-need' },
    ],
    [
      'takes the relay when slivers cannot be kept',
      { ...ASK, unencodedBytes: 1, slivers: false },
      { first: 'relay', relay: true, direct: false, reason: 'no-slivers' },
    ],
    [
      'goes direct without a relay',
      NO_RELAY,
      { first: 'direct', relay: false, direct: true, reason: 'no-relay' },
    ],
  ])('%s', (_name, question, choice) => {
    expect(choosePath(question)).toEqual(choice);
  });
});
