import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { parseRules } from '../../../../src/devnet/faults/rules.ts';
import { PRESET_NAMES, planOf } from '../../../../src/devnet/presets.ts';
import { faultyShards } from '../../../../src/protocol/committee.ts';

const HARMFUL = [
  'refuse',
  'corrupt',
  'otherSliver',
  'truncate',
  'wrongLength',
  'lieStored',
  'html',
];

describe.each(PRESET_NAMES)('the preset %s', (name) => {
  it.each(Object.entries(PROFILES))('stays within f in the profile %s', (_, weights) => {
    const { nodes } = planOf(name, { weights, seed: 'a' });
    const bad = [...nodes].filter(([, rules]) =>
      rules.some(({ action }) => HARMFUL.includes(action.type)),
    );
    const weight = bad.reduce((sum, [node]) => sum + (weights[node] ?? 0), 0);
    const all = weights.reduce((sum, each) => sum + each, 0);
    expect(weight).toBeLessThanOrEqual(faultyShards(all));
    for (const rules of nodes.values()) expect(parseRules([...rules])).toHaveLength(rules.length);
  });

  it('is the same under one seed', () => {
    const plan = (seed: string) => {
      const { nodes, ...rest } = planOf(name, { weights: PROFILES.real, seed });
      return { nodes: [...nodes], ...rest };
    };
    expect(plan('a')).toEqual(plan('a'));
    const drawn = ['one-third-down', 'slow-third', 'liars', 'storm'].includes(name);
    if (drawn) expect(plan('a')).not.toEqual(plan('b'));
    else expect(plan('a')).toEqual(plan('b'));
  });
});
