import { fromBase64 } from '@mysten/bcs';
import type { FailureReason } from '../sui/execute/failure.ts';
import type { ChainFaultSettings, Refusal } from '../sui/faults.ts';
import { AdminError } from './admin-error.ts';

type Read = (value: unknown) => unknown;
const fail = (what: string): never => {
  throw new AdminError(400, `chain fault: ${what}`);
};
const number: Read = (value) =>
  typeof value === 'number' && value >= 0 ? value : fail('a number is expected');
const texts: Read = (value) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')
    ? value
    : fail('a list of texts is expected');

function amount(value: unknown): bigint {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^\d{1,20}$/.test(text) ? BigInt(text) : fail('a whole amount is expected');
}

function gas(value: unknown) {
  if (typeof value !== 'object' || value === null) return fail('gas is not an object');
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === 'price' || name === 'budget') return [name, amount(each)];
      if (name === 'owner' && typeof each === 'string') return [name, each];
      if (name === 'coins') return [name, texts(each)];
      return fail(`gas has no ${name}`);
    }),
  );
}

/** Object IDs with other contents, as base64. */
function forged(value: unknown) {
  if (typeof value !== 'object' || value === null) return fail('forged is not an object');
  return Object.fromEntries(
    Object.entries(value).map(([id, text]) => {
      try {
        const bytes = fromBase64(String(text));
        return [id, () => bytes.slice()];
      } catch {
        return fail(`the contents of ${id} are not base64`);
      }
    }),
  );
}

const PLAIN = [
  ...(['InsufficientGas', 'InsufficientCoinBalance', 'CoinBalanceOverflow'] as const),
  ...(['FunctionNotFound', 'ArityMismatch', 'TypeArityMismatch'] as const),
  ...(['SharedObjectOperationNotAllowed', 'MovePrimitiveRuntimeError'] as const),
  'InvariantViolation' as const,
];

/** How the next executions end: a list of `{kind}`, or of Move aborts with package, module, function and code. */
function failures(value: unknown): FailureReason[] {
  if (!Array.isArray(value)) return fail('failExecutions is not a list');
  return value.map((each: Record<string, unknown>): FailureReason => {
    const plain = PLAIN.find((kind) => kind === each?.['kind']);
    if (plain !== undefined) return { kind: plain };
    const { kind, packageId, module, functionName, functionIndex = 0, code } = each ?? {};
    const named = [packageId, module, functionName].every((text) => typeof text === 'string');
    if (kind !== 'MoveAbort' || !named) return fail(`failures are MoveAbort, ${PLAIN.join(', ')}`);
    return {
      kind,
      ...({ packageId, module, functionName } as Record<
        'packageId' | 'module' | 'functionName',
        string
      >),
      functionIndex: Number(functionIndex),
      code: amount(code),
    };
  });
}

const REFUSALS: readonly Refusal[] = ['UNAVAILABLE', 'RESOURCE_EXHAUSTED', 'HTTP_429', 'HTTP_502'];

const FIELDS: Record<keyof ChainFaultSettings, Read> = {
  finalityDelayMs: number,
  staleReadMs: number,
  answerDelayMs: number,
  dropAnswers: number,
  failExecutions: failures,
  lockedObjects: texts,
  refuseRequests: number,
  refuseAs: (value) =>
    REFUSALS.find((each) => each === value) ?? fail(`refuseAs is one of ${REFUSALS}`),
  pretendExecutions: number,
  chainId: (value) =>
    value === null || typeof value === 'string' ? value : fail('chainId is a text or null'),
  denied: texts,
  denyReads: number,
  gas,
  forged,
};

/** Reads what is to change about the chain's faults. @throws AdminError 400 */
export function parseChainFaults(value: unknown): Partial<ChainFaultSettings> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail('an object is expected');
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      const read = FIELDS[name as keyof ChainFaultSettings];
      return read ? [name, read(each)] : fail(`there is no ${name}`);
    }),
  );
}

/** The faults as JSON: amounts as text, forgeries by the object's ID only. */
export function chainFaultsJson({ forged, ...rest }: ChainFaultSettings): unknown {
  return { ...rest, forged: Object.keys(forged) };
}
