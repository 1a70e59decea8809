import type { ActiveSet } from '../../../chain/layouts/staking.ts';
import type { Address } from './native.ts';

/**
 * Notes the stake that a node will have when the next committee is selected. Without stake it
 * leaves; in a full set it takes the place of the node with the least stake, if that has less.
 *
 * @returns whether the node is in the set
 */
export function insertOrUpdate(set: ActiveSet, nodeId: Address, stake: bigint): boolean {
  const at = set.nodes.findIndex((node) => node.node_id === nodeId);
  if (stake === 0n || stake < set.threshold_stake) {
    if (at >= 0) removeAt(set, at);
    return false;
  }
  if (at < 0) return insert(set, nodeId, stake);
  replaceAt(set, at, nodeId, stake);
  return true;
}

function insert(set: ActiveSet, nodeId: Address, stake: bigint): boolean {
  if (set.nodes.length < set.max_size) {
    set.nodes.push({ node_id: nodeId, staked_amount: stake });
    set.total_stake += stake;
    return true;
  }
  let least = stake;
  let at = -1;
  for (const [i, node] of set.nodes.entries()) {
    if (node.staked_amount < least) {
      least = node.staked_amount;
      at = i;
    }
  }
  if (at < 0) return false;
  replaceAt(set, at, nodeId, stake);
  return true;
}

function replaceAt(set: ActiveSet, at: number, nodeId: Address, stake: bigint): void {
  set.total_stake += stake - (set.nodes[at]?.staked_amount ?? 0n);
  set.nodes[at] = { node_id: nodeId, staked_amount: stake };
}

/** The last one takes the place of the one that goes. */
function removeAt(set: ActiveSet, at: number): void {
  set.total_stake -= set.nodes[at]?.staked_amount ?? 0n;
  const last = set.nodes.pop();
  if (last !== undefined && at < set.nodes.length) set.nodes[at] = last;
}
