import type { LocalNetwork } from '../network.ts';
import { PENDING_OFF, PENDING_ON } from '../node/pending.ts';
import { AdminError } from './admin-error.ts';
import type { Json } from './body.ts';

/** How all nodes behave, apart from faults, as one flat object. */
export function nodeSettingsJson({ fleet }: LocalNetwork) {
  const { settings, pending, cors, heal, chainDelayMs } = fleet.behaviour;
  const { verify, longPollMs, capitalisedStatus, open, blocked } = settings;
  return {
    ...{ verify, longPollMs, capitalisedStatus, open, blocked: [...blocked] },
    pending: pending.ttlMs > 0,
    corsMaxAge: cors.maxAgeSeconds ?? null,
    corsOff: cors.off === true,
    corsOffOnErrors: cors.offOnErrors === true,
    sliverMs: heal.sliverMs,
    chainDelayMs,
  };
}

type Settings = ReturnType<typeof nodeSettingsJson>;

const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isFlag = (value: unknown) => typeof value === 'boolean';
const isTexts = (value: unknown) =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const CHECKS: Record<keyof Settings, readonly [(value: unknown) => boolean, what: string]> = {
  verify: [isVerify, '"full", "off" or {"oneIn": number}'],
  longPollMs: [isNumber, 'a number'],
  capitalisedStatus: [isFlag, 'true or false'],
  open: [isFlag, 'true or false'],
  blocked: [isTexts, 'a list of blob IDs'],
  pending: [isFlag, 'true or false'],
  corsMaxAge: [(value) => value === null || isNumber(value), 'a number of seconds or null'],
  corsOff: [isFlag, 'true or false'],
  corsOffOnErrors: [isFlag, 'true or false'],
  sliverMs: [isNumber, 'a number'],
  chainDelayMs: [isSpan, '[min, max]'],
};

function isVerify(value: unknown): boolean {
  if (value === 'full' || value === 'off') return true;
  const oneIn = (value as { oneIn?: unknown } | null)?.oneIn;
  return Number.isInteger(oneIn) && (oneIn as number) > 0;
}

function isSpan(value: unknown): boolean {
  const [min, max, ...more] = Array.isArray(value) ? value : [];
  return isNumber(min) && isNumber(max) && min <= max && more.length === 0;
}

/** Changes what is named; nodes that are alive begin new lives with it. @throws AdminError 400 */
export async function changeNodeSettings(network: LocalNetwork, fields: Json): Promise<void> {
  for (const [name, value] of Object.entries(fields)) {
    const [check, what] = CHECKS[name as keyof Settings];
    if (!check(value)) throw new AdminError(400, `${name} is ${what}`);
  }
  const now = { ...nodeSettingsJson(network), ...fields } as Settings;
  const { settings, heal } = network.fleet.behaviour;
  const { verify, longPollMs, capitalisedStatus, open, sliverMs, chainDelayMs } = now;
  const blocked = new Set(now.blocked);
  await network.fleet.behave({
    settings: { ...settings, verify, longPollMs, capitalisedStatus, open, blocked },
    pending: now.pending ? PENDING_ON : PENDING_OFF,
    cors: {
      ...(now.corsMaxAge === null ? {} : { maxAgeSeconds: now.corsMaxAge }),
      ...{ off: now.corsOff, offOnErrors: now.corsOffOnErrors },
    },
    heal: { ...heal, sliverMs },
    chainDelayMs,
  });
}

export const NODE_SETTING_NAMES = Object.keys(CHECKS);
