/**
 * Plausible bugs, each a small replacement in a module. The simulator must find every one of them: a
 * mutant that lives is a hole in the simulator.
 *
 * @typedef {{ name: string, story: string, file: string, from: string, to: string }} Mutant
 * @type {readonly Mutant[]}
 */
export const MUTANTS = [];

/**
 * Puts a mutant's bug in the place of the code.
 *
 * @param {Mutant | undefined} mutant
 * @returns {import('vite').Plugin}
 */
export function mutantPlugin(mutant) {
  return {
    name: 'mutant',
    enforce: 'pre',
    transform(code, id) {
      if (mutant === undefined || !id.endsWith(`/src/${mutant.file}`)) return undefined;
      const parts = code.split(mutant.from);
      if (parts.length !== 2) {
        throw new Error(`mutant ${mutant.name}: its place was found ${parts.length - 1} times`);
      }
      return parts.join(mutant.to);
    },
  };
}
