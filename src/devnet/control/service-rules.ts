import type { ServiceFaultType, ServiceRuleInput } from '../service/service-faults.ts';
import { AdminError } from './admin-error.ts';

type Check = (value: unknown) => boolean;
const isNumber: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isText: Check = (value) => typeof value === 'string';
const isFlag: Check = (value) => typeof value === 'boolean';
const isFraction: Check = (value) => isNumber(value) && (value as number) <= 1;
const isSpan: Check = (value) =>
  isNumber(value) || (Array.isArray(value) && value.length === 2 && value.every(isNumber));
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const isStatus: Check = (value) =>
  Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599;

const MATCH: Record<string, Check> = {
  method: isText,
  path: isText,
  probability: isFraction,
  times: (value) => value === null || isNumber(value),
  afterN: isNumber,
};

/** Settings of each action; a name with `!` must be there. */
const ACTIONS: Record<ServiceFaultType, Record<string, Check>> = {
  refuse: {},
  blackhole: {},
  html: {},
  delay: { ms: isSpan, firstByte: isSpan },
  throttle: { 'down!': (value) => isNumber(value) && (value as number) > 0 },
  drop: { fraction: isFraction, how: oneOf('fin', 'rst') },
  truncate: { fraction: isFraction },
  corrupt: {},
  status: {
    ...{ 'status!': isStatus, text: isText, retryAfter: isNumber, noCors: isFlag, after: isFlag },
  },
  otherBlob: {},
  staleNotFound: {},
  wrongCertificate: { what: oneOf('signature', 'signers', 'message') },
  restart: { ms: isNumber },
  hold: { 'name!': isText, what: oneOf('request', 'answer') },
};

/** Reads rules for a service. @throws AdminError 400 that says what is wrong */
export function parseServiceRules(value: unknown): ServiceRuleInput[] {
  if (!Array.isArray(value)) throw new AdminError(400, 'a list of rules is expected');
  return value.map((rule, at) => {
    const place = `rule ${at}`;
    const { match = {}, action, ...rest } = objectOf(rule, place);
    const [extra] = Object.keys(rest);
    if (extra !== undefined) throw new AdminError(400, `${place}: unknown part ${extra}`);
    check(objectOf(match, `${place}: match`), MATCH, `${place}: match`);
    const { type, ...settings } = objectOf(action, `${place}: action`);
    const fields = typeof type === 'string' ? ACTIONS[type as ServiceFaultType] : undefined;
    if (fields === undefined) {
      const known = Object.keys(ACTIONS).join(', ');
      throw new AdminError(400, `${place}: the fault is none of ${known}`);
    }
    check(settings, fields, `${place}: ${String(type)}`);
    return rule as ServiceRuleInput;
  });
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new AdminError(400, `${what}: an object is expected`);
}

function check(value: Record<string, unknown>, fields: Record<string, Check>, what: string): void {
  for (const [name, setting] of Object.entries(value)) {
    const isRight = fields[name] ?? fields[`${name}!`];
    if (isRight === undefined) throw new AdminError(400, `${what}: unknown setting ${name}`);
    if (!isRight(setting)) {
      throw new AdminError(400, `${what}: ${name} cannot be ${JSON.stringify(setting)}`);
    }
  }
  for (const name of Object.keys(fields)) {
    if (name.endsWith('!') && !(name.slice(0, -1) in value)) {
      throw new AdminError(400, `${what}: ${name.slice(0, -1)} is missing`);
    }
  }
}
