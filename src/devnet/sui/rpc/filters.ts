import type { GrpcTypes } from '@mysten/sui/grpc';
import type { EmittedEvent } from '../execute/session.ts';
import type { ExecutedTransaction } from '../ledger/ledger.ts';
import { invalid, unimplemented } from '../status.ts';
import { formatType, parseAddress, parseType } from '../types/type-tag.ts';

type TransactionPredicate = GrpcTypes.TransactionLiteral['predicate'];
type EventPredicate = GrpcTypes.EventLiteral['predicate'];

type Test<Given extends readonly unknown[]> = (...given: Given) => boolean;

/** Any of the terms, each with all of its literals. */
function anyTerm<Predicate, Given extends readonly unknown[]>(
  {
    terms,
  }: {
    readonly terms: readonly {
      readonly literals: readonly { readonly negated: boolean; readonly predicate: Predicate }[];
    }[];
  },
  testOf: (predicate: Predicate) => Test<Given>,
): Test<Given> {
  const empty = terms.length === 0 || terms.some(({ literals }) => literals.length === 0);
  if (empty) throw invalid('a filter needs a term, and a term needs a literal');
  const tests = terms.map(({ literals }) =>
    literals.map(({ negated, predicate }) => ({ negated, test: testOf(predicate) })),
  );
  return (...given) =>
    tests.some((term) => term.every(({ negated, test }) => test(...given) !== negated));
}

/** No filter takes everything. @throws RpcStatus INVALID_ARGUMENT, UNIMPLEMENTED */
export const transactionFilter = (filter: GrpcTypes.TransactionFilter | undefined) =>
  filter ? anyTerm(filter, transactionTest) : () => true;

/** No filter takes everything. @throws RpcStatus INVALID_ARGUMENT, UNIMPLEMENTED */
export const eventFilter = (filter: GrpcTypes.EventFilter | undefined) =>
  filter ? anyTerm(filter, eventTest) : () => true;

function transactionTest(
  predicate: TransactionPredicate,
): (executed: ExecutedTransaction) => boolean {
  switch (predicate.oneofKind) {
    case 'sender':
      return sentBy(predicate.sender.address);
    case 'affectedAddress': {
      const wanted = parseAddress(predicate.affectedAddress.address);
      return ({ tx, outcome }) =>
        tx.data.sender === wanted ||
        outcome.changes.some(({ before, after }) =>
          [before, after].some(
            (each) => each?.owner.kind === 'address' && each.owner.address === wanted,
          ),
        );
    }
    case 'affectedObject': {
      const wanted = parseAddress(predicate.affectedObject.objectId);
      return ({ outcome }) => outcome.changes.some(({ id }) => id === wanted);
    }
    case 'moveCall': {
      const [id, module, name] = pathOf(predicate.moveCall.function);
      return ({ tx }) =>
        tx.programmable.commands.some(
          (command) =>
            command.$kind === 'MoveCall' &&
            command.MoveCall.package === id &&
            (module === undefined || command.MoveCall.module === module) &&
            (name === undefined || command.MoveCall.function === name),
        );
    }
    case 'emitModule':
    case 'eventType': {
      const test = eventTest(predicate);
      return (executed) => executed.outcome.events.some((event) => test(executed, event));
    }
    default:
      throw unimplemented(`the local chain does not filter by ${predicate.oneofKind ?? 'nothing'}`);
  }
}

function eventTest(
  predicate: EventPredicate,
): (executed: ExecutedTransaction, event: EmittedEvent) => boolean {
  switch (predicate.oneofKind) {
    case 'sender':
      return sentBy(predicate.sender.address);
    case 'emitModule': {
      const [id, module] = pathOf(predicate.emitModule.module);
      return (_, event) =>
        event.packageId === id && (module === undefined || event.module === module);
    }
    case 'eventType':
      return typeTest(predicate.eventType.eventType ?? '');
    default:
      throw unimplemented(`the local chain does not filter by ${predicate.oneofKind ?? 'nothing'}`);
  }
}

function sentBy(address: string | undefined) {
  const wanted = parseAddress(address);
  return ({ tx }: ExecutedTransaction) => tx.data.sender === wanted;
}

/** A package, a module of it, a type with or without its arguments. */
function typeTest(text: string): (executed: ExecutedTransaction, event: EmittedEvent) => boolean {
  if (text.split('<')[0]?.split('::').length === 3) {
    const wanted = formatType(parseType(text));
    return (_, { type }) => type === wanted || type.startsWith(`${wanted}<`);
  }
  const [id, module] = pathOf(text);
  const prefix = module === undefined ? `${id}::` : `${id}::${module}::`;
  return (_, { type }) => type.startsWith(prefix);
}

function pathOf(
  text: string | undefined,
): [id: string, module: string | undefined, name: string | undefined] {
  const [id, module, name, more] = (text ?? '').split('::');
  if (more !== undefined) throw invalid(`${JSON.stringify(text)} is not a path`);
  return [parseAddress(id), module, name];
}
