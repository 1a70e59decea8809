import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../../../src/devnet/committee.ts';
import { parseRules } from '../../../../src/devnet/faults/rules.ts';
import { PRESET_NAMES, type PresetName, planOf } from '../../../../src/devnet/presets.ts';
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

const HONEST = ['refuse', 'delay', 'status', 'drop', 'lag'];

/** What the lying nodes of a preset do, one entry for each kind of liar. */
function liars(name: PresetName, seed: string): string[] {
  const { nodes } = planOf(name, { weights: PROFILES.real, seed });
  const kinds = [...nodes.values()]
    .map((rules) => rules.map(({ action }) => action.type))
    .filter((types) => types.some((type) => !HONEST.includes(type)));
  return [...new Set(kinds.map((types) => types.join()))];
}

it.each(['liars', 'storm'] as const)('%s has liars of every kind', (name) => {
  const kinds = liars(name, 'a');
  expect(kinds).toHaveLength(4);
  const forged = kinds.filter(
    (kind) => kind.includes('Signature') || kind.includes('wrongMessage'),
  );
  expect(forged).toHaveLength(3);
  // Who stores nothing would be refused a confirmation, and nobody would see it forged.
  for (const kind of kinds) expect(kind.includes('lieStored')).toBe(kind.includes('lieConfirm'));
});

it('a storm over one bad node brings it down, slows it or makes it lie', () => {
  const seen = Array.from({ length: 100 }, (_, seed) => {
    const { nodes } = planOf('storm', { weights: [1, 1, 1, 1], seed: `${seed}` });
    const [bad] = [...nodes.values()].filter(
      (rules) => !rules.some((each) => each.action.type === 'lag'),
    );
    return bad?.[0]?.action.type;
  });
  expect(seen).toEqual(expect.arrayContaining(['refuse', 'delay', 'corrupt', 'lieStored']));
});
