import { COMMON_FIELDS } from '../faults/common-rules.ts';
import {
  CHANCE_FIELDS,
  checkRules,
  type Fields,
  isFlag,
  isNumber,
  isSpan,
  isStatus,
  isText,
  oneOf,
} from '../faults/read-rules.ts';
import type { ServiceFaultType, ServiceRuleInput } from './service-faults.ts';

const MATCH_FIELDS: Fields = { ...CHANCE_FIELDS, method: isText, path: isText };

const ACTION_FIELDS: Record<ServiceFaultType, Fields> = {
  ...COMMON_FIELDS,
  html: {},
  delay: { ms: isSpan, firstByte: isSpan },
  throttle: { 'down!': (value) => isNumber(value) && (value as number) > 0 },
  corrupt: {},
  status: {
    ...{ 'status!': isStatus, text: isText, retryAfter: isNumber, noCors: isFlag, after: isFlag },
  },
  otherBlob: {},
  staleNotFound: {},
  wrongCertificate: { what: oneOf('signature', 'signers', 'message') },
};

/**
 * Reads rules for a service that came as JSON.
 *
 * @throws RangeError with a sentence that says which rule is wrong and why
 */
export function parseServiceRules(value: unknown): readonly ServiceRuleInput[] {
  checkRules(value, MATCH_FIELDS, ACTION_FIELDS);
  return value as ServiceRuleInput[];
}
