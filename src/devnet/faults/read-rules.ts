/** Says whether a setting of a rule can have a value. */
export type Check = (value: unknown) => boolean;

/** Settings by name; a name with `!` must be there. */
export type Fields = Readonly<Record<string, Check>>;

export const isNumber: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isFraction: Check = (value) => isNumber(value) && (value as number) <= 1;
/** A status whose answer can have a body, as that of every fault has. */
export const isStatus: Check = (value) =>
  Number.isInteger(value) &&
  (value as number) >= 200 &&
  (value as number) <= 599 &&
  ![204, 205, 304].includes(value as number);
/** A number, or two between which one is drawn. */
export const isSpan: Check = (value) =>
  isNumber(value) || (Array.isArray(value) && value.length === 2 && value.every(isNumber));
export const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);

/** When a rule strikes, for those who match requests in any way. */
export const CHANCE_FIELDS: Fields = {
  probability: isFraction,
  times: (value) => value === null || isNumber(value),
  afterN: isNumber,
};

/**
 * Checks rules that came as JSON: `[{match?: {…}, action: {type, …}}]`.
 *
 * @param match what a rule can ask of a request
 * @param actions the settings of each type of action
 * @throws RangeError with a sentence that says which rule is wrong and why
 */
export function checkRules(
  value: unknown,
  match: Fields,
  actions: Readonly<Record<string, Fields>>,
): void {
  if (!Array.isArray(value)) throw new RangeError('a list of rules is expected');
  for (const [at, rule] of value.entries()) {
    const { match: asked = {}, action, ...rest } = objectOf(rule, `rule ${at}`);
    const [extra] = Object.keys(rest);
    if (extra !== undefined) throw new RangeError(`rule ${at}: unknown part ${extra}`);
    checkFields(objectOf(asked, `rule ${at}: match`), match, `rule ${at}: match`);
    const { type, ...settings } = objectOf(action, `rule ${at}: action`);
    const known = typeof type === 'string' && Object.hasOwn(actions, type);
    if (!known) {
      const types = Object.keys(actions).join(', ');
      throw new RangeError(`rule ${at}: the fault ${JSON.stringify(type)} is none of ${types}`);
    }
    checkFields(settings, actions[type] ?? {}, `rule ${at}: ${type}`);
  }
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new RangeError(`${what}: an object is expected`);
}

function checkFields(value: Record<string, unknown>, fields: Fields, what: string): void {
  const checks = new Map(Object.entries(fields).map(([name, check]) => [bare(name), check]));
  for (const [name, setting] of Object.entries(value)) {
    const check = checks.get(name);
    if (check === undefined) throw new RangeError(`${what}: unknown setting ${name}`);
    if (!check(setting)) {
      throw new RangeError(`${what}: ${name} cannot be ${JSON.stringify(setting)}`);
    }
  }
  for (const name of Object.keys(fields)) {
    if (name.endsWith('!') && !Object.hasOwn(value, bare(name))) {
      throw new RangeError(`${what}: ${bare(name)} is missing`);
    }
  }
}

const bare = (name: string) => name.replace('!', '');
