import { HauloutError } from '../protocol/errors.ts';
import type {
  AskedBytes,
  CancelReason,
  IntentFact,
  IntentPlan,
  KeptCertificate,
  RegisteredBlob,
  SeenTransaction,
  SignedBytes,
} from './journal-facts.ts';

/**
 * Where an intent stands. `planned`: nothing shown to a wallet. `keyed`: a wallet may have seen it.
 * `signed`, `certifying`, `handing-over`: a transaction may be on chain. `dead`: none ever will.
 */
export type IntentPhase =
  | 'planned'
  | 'keyed'
  | 'signed'
  | 'registered'
  | 'certifying'
  | 'done'
  | 'handing-over'
  | 'handed-over'
  | 'dead';

/** All that is known of an intent. */
export interface IntentState {
  readonly plan: IntentPlan;
  readonly atMs: number;
  /** of the last fact */
  readonly revision: number;
  readonly phase: IntentPhase;
  readonly key?: Keyed;
  /** transactions that a wallet has seen and whose death is not proven, newest last */
  readonly asked: readonly AskedBytes[];
  /** transactions that full nodes have called dead: that may turn out wrong, so they are asked about again */
  readonly lapsed: readonly (SeenTransaction & Partial<Pick<AskedBytes, 'inputs'>>)[];
  /** the one transaction whose outcome is unknown */
  readonly pending?: SignedBytes;
  readonly registered?: Extract<IntentFact, { kind: 'registered' }>;
  /** by position in the plan */
  readonly objects: ReadonlyMap<number, RegisteredBlob>;
  readonly certificates: ReadonlyMap<number, Uploaded>;
  readonly certified: ReadonlyMap<number, { readonly digest: string; readonly epoch: number }>;
  /** since the payment */
  readonly returnedMist: bigint;
  /** what failed transactions cost the payer, in MIST by digest */
  readonly failedFees: ReadonlyMap<string, bigint>;
  readonly cancelled?: { readonly reason: CancelReason; readonly deletes: boolean };
  /** the transaction that gave everything to the person; empty if none was needed */
  readonly handedOver?: string;
  readonly reason?: string;
  readonly closed: boolean;
}

type Keyed = Extract<IntentFact, { kind: 'keyed' }>;
export interface Uploaded {
  readonly path: 'direct' | 'relay';
  readonly certificate: KeptCertificate;
}

/** Derives the state of an intent from its facts, in order. @throws HauloutError 'argument-invalid' */
export function intentState(facts: readonly IntentFact[]): IntentState {
  const [first, ...rest] = facts;
  if (first?.kind !== 'planned') return refuse('the first fact is no plan');
  return rest.reduce(nextState, {
    plan: first.plan,
    atMs: first.atMs,
    revision: 1,
    phase: 'planned',
    asked: [],
    lapsed: [],
    objects: new Map(),
    certificates: new Map(),
    certified: new Map(),
    returnedMist: 0n,
    failedFees: new Map(),
    closed: false,
  });
}

/**
 * The state after one more fact.
 *
 * @throws HauloutError 'argument-invalid' if the fact cannot follow: it would hide an open payment,
 *   or say that something was done which was not begun
 */
export function nextState(state: IntentState, fact: IntentFact): IntentState {
  if (state.closed) refuse(`${fact.kind} after the end`);
  const next = apply(state, fact);
  return { ...next, revision: state.revision + 1, phase: phaseOf(next) };
}

function apply(state: IntentState, fact: IntentFact): Omit<IntentState, 'phase'> {
  switch (fact.kind) {
    case 'planned':
      return refuse('planned twice');
    case 'keyed':
      check(state.key === undefined && state.phase === 'planned', 'keyed twice');
      return { ...state, key: fact };
    case 'asked':
      checkFree(state, fact.transaction);
      return { ...state, asked: [...state.asked, fact.transaction] };
    case 'signed':
      checkFree(state, fact.transaction);
      return { ...state, pending: fact.transaction };
    case 'registered': {
      check(state.registered === undefined, 'registered twice');
      const objects = new Map(fact.blobs.map((each) => [each.blob, each]));
      return { ...ended(state), registered: fact, objects, asked: [], lapsed: [] };
    }
    case 'uploaded': {
      check(state.objects.has(fact.blob), 'uploaded before it was registered');
      const { path, certificate } = fact;
      const certificates = new Map(state.certificates).set(fact.blob, { path, certificate });
      return { ...state, certificates };
    }
    case 'certified': {
      check(state.registered !== undefined, 'certified before it was registered');
      const { digest, epoch } = fact;
      const certified = new Map(state.certified);
      for (const blob of fact.blobs) certified.set(blob, { digest, epoch });
      return { ...ended(state), ...returned(state, fact), certified, asked: [], lapsed: [] };
    }
    case 'cancelled':
      check(state.registered !== undefined, 'cancelled without a purchase');
      return { ...state, cancelled: { reason: fact.reason, deletes: fact.deletes } };
    case 'handed-over':
      check(state.registered !== undefined, 'handed over without a purchase');
      return {
        ...{ ...ended(state), ...returned(state, fact), asked: [], lapsed: [] },
        reason: 'handed-over',
        handedOver: fact.digest,
      };
    case 'lapsed': {
      const { pending } = state;
      const asked = state.asked.filter(({ digest }) => digest !== fact.digest);
      const isPending = pending?.digest === fact.digest;
      const one = isPending ? pending : state.asked.find(({ digest }) => digest === fact.digest);
      const lapsed = one ? [...state.lapsed, one] : state.lapsed;
      const failedFees = withFee(state.failedFees, fact);
      return { ...(isPending ? ended(state) : state), asked, lapsed, failedFees };
    }
    case 'dead':
      check(state.registered === undefined && state.pending === undefined, 'dead with a payment');
      return { ...state, reason: fact.reason }; // what was asked may still be executed by a wallet
    case 'closed':
      check(isEnded(state.phase), 'closed before its end');
      return { ...state, closed: true };
  }
}

function returned(
  state: Pick<IntentState, 'returnedMist'>,
  { returnedMist = 0n }: { readonly returnedMist?: bigint },
): Pick<IntentState, 'returnedMist'> {
  return { returnedMist: state.returnedMist + returnedMist };
}

/** However often it is told of a transaction, its fee was paid once. */
function withFee(
  fees: IntentState['failedFees'],
  { digest, feeMist }: { readonly digest: string; readonly feeMist?: bigint },
): IntentState['failedFees'] {
  return feeMist === undefined ? fees : new Map(fees).set(digest, feeMist);
}

function phaseOf(state: Omit<IntentState, 'phase'>): IntentPhase {
  const { plan, pending, registered, reason, key, asked, certified, cancelled } = state;
  if (pending?.purpose === 'register') return 'signed';
  if (pending?.purpose === 'certify') return 'certifying';
  if (pending?.purpose === 'hand-over') return 'handing-over';
  if (registered !== undefined) {
    if (plan.blobs.every((_, blob) => certified.has(blob))) return 'done';
    if (reason === 'handed-over') return 'handed-over';
    return cancelled === undefined ? 'registered' : 'handing-over';
  }
  if (reason !== undefined) return 'dead';
  return key !== undefined || asked.length > 0 ? 'keyed' : 'planned';
}

/** Nothing is left to do on chain, but perhaps to look whether the holder is empty. */
export function isEnded(phase: IntentPhase): boolean {
  return phase === 'done' || phase === 'handed-over' || phase === 'dead';
}

function ended(state: IntentState): IntentState {
  const { pending: _, ...rest } = state;
  return rest;
}

/** One transaction at a time, and each at its turn. */
function checkFree(state: IntentState, { purpose }: { purpose: SignedBytes['purpose'] }): void {
  check(state.pending === undefined, `${purpose} while another transaction is open`);
  const before = purpose === 'register';
  check(before === (state.registered === undefined), `${purpose} at the wrong time`);
  // What turns up at a holder after the end is still handed over.
  check(!isEnded(state.phase) || purpose === 'hand-over', `${purpose} after the end`);
  const { approvals } = state.plan;
  check(!before || approvals === 'two' || state.key !== undefined, 'asked before it was keyed');
}

function check(holds: boolean, reason: string): asserts holds {
  if (!holds) refuse(reason);
}

function refuse(reason: string): never {
  throw new HauloutError('argument-invalid', { name: 'fact', reason });
}
