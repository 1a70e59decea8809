import { isHauloutError, type NodeFailure } from '../../src/protocol/errors.ts';
import type { FaultName } from './config.ts';
import { expectThat } from './violation.ts';
import type { World } from './world.ts';

/** What only a node that lies, or that finds wrong what is right, can be told. */
const BAD_NAMES = ['signature', 'INVALID_SLIVER', 'INVALID_METADATA', 'INVALID_BLOB'];

/** Trouble that an upload is to come through by itself. */
const PASSING: readonly FaultName[] = ['epoch-ends', 'slow-links', 'late-facts', 'chain-slow'];

/** I10: no honest node gets a bad name, whatever the line and the other nodes do. */
export function checkVerdict(world: World, nodeId: string, reason: string): void {
  if (!BAD_NAMES.includes(reason)) return;
  const slot = world.network.nodes.find(({ identity }) => identity.nodeId === nodeId);
  const isBad = slot !== undefined && world.config.badNodes.includes(slot.identity.index);
  expectThat(isBad, 'I10', () => `an honest node is said to have failed: ${reason}`);
}

/** I6: what passes by itself ends no page. I10: what a page ends with blames neither the blob nor an honest node: every blob here is sound. */
export function checkEnd(world: World, error: unknown): void {
  if (isHauloutError(error, 'transaction-refused')) {
    const mayBe = world.config.faults.some((fault) => !PASSING.includes(fault));
    expectThat(mayBe, 'I6', () => `a page gives up because an epoch has ended: ${error}`);
  }
  expectThat(
    !isHauloutError(error, 'blob-refused'),
    'I10',
    () => `a sound blob is called bad: ${error}`,
  );
  for (const code of ['blob-unknown', 'blob-blocked', 'blob-inconsistent'] as const) {
    const isCalled = isHauloutError(error, code);
    expectThat(!isCalled, 'I10', () => `a sound blob is said to be bad: ${error}`);
  }
  if (!isHauloutError(error, 'quorum-unreached')) return;
  for (const { nodeId, reason } of error.detail.failed as readonly NodeFailure[]) {
    checkVerdict(world, nodeId, reason);
  }
}
