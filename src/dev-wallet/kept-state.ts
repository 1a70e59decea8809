/** What the wallet says when it is asked to sign: `ask` leaves it to the person, `popup` cannot show its window. */
export const ANSWERS = ['ask', 'approve', 'reject', 'close', 'popup', 'silent'] as const;
/** What goes wrong besides: `late` answers long after, `change` signs other bytes, `execute` also sends them. */
export const TWISTS = ['none', 'late', 'change', 'execute'] as const;

export type Answer = (typeof ANSWERS)[number];
export type Twist = (typeof TWISTS)[number];

/** What outlasts the page. Changed by the person, by the wallet, and by tests. */
export interface KeptState {
  /** `suiprivkey1…`, worthless: one for each account */
  readonly secrets: readonly string[];
  /** which accounts a connected page sees, by their place */
  readonly shared: readonly number[];
  readonly isConnected: boolean;
  readonly isLocked: boolean;
  /** whether its accounts are on another network */
  readonly isElsewhere: boolean;
  readonly answer: Answer;
  readonly twist: Twist;
  /** how long a late answer takes */
  readonly lateMs: number;
  /** how often it was asked to sign, and how often that was approved */
  readonly requests: number;
  readonly approvals: number;
}

export type Memory = Pick<Storage, 'getItem' | 'setItem'>;

export const KEPT_UNDER = 'haulout-dev-wallet';

/** The state as it was kept, with new keys where there are none. */
export function readState(memory: Memory, newSecrets: () => readonly string[]): KeptState {
  const kept: Partial<KeptState> = JSON.parse(memory.getItem(KEPT_UNDER) ?? '{}');
  return {
    ...{ shared: [0, 1], isConnected: false, isLocked: false, isElsewhere: false },
    ...{ answer: 'ask', twist: 'none', lateMs: 10_000, requests: 0, approvals: 0 },
    ...kept,
    secrets: kept.secrets ?? newSecrets(),
  };
}

export function writeState(memory: Memory, state: KeptState): void {
  memory.setItem(KEPT_UNDER, JSON.stringify(state));
}
