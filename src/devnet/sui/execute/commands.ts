import { SUI_FRAMEWORK, struct, type TypeTag } from '../move/native.ts';
import {
  type FoundFunction,
  type Registry,
  substitute,
  UnknownTypeError,
} from '../types/registry.ts';
import { formatType, parseAddress, parseType } from '../types/type-tag.ts';
import { badArgument, ExecutionFailure, fail } from './failure.ts';
import type { Session } from './session.ts';
import { noCompiler } from './shape.ts';
import type { Command } from './transaction.ts';
import type { Place, Values } from './values.ts';

const MAX_U64 = 2n ** 64n - 1n;

interface CoinValue {
  id: string;
  balance: { value: bigint };
}

type Result = { type: TypeTag; value: unknown };
type Of<K extends Command['$kind']> = Extract<Command, { $kind: K }>;

/** Runs one command; its results are appended to `values`. */
export function runCommand(session: Session, values: Values, command: Command): void {
  values.nextCommand();
  const results = resultsOf(session, values, command);
  values.results.push(
    results.map(({ type, value }): Place => ({ kind: 'result', type, value, taken: false })),
  );
}

function resultsOf(session: Session, values: Values, command: Command): readonly Result[] {
  switch (command.$kind) {
    case 'MoveCall':
      return moveCall(session, values, command.MoveCall);
    case 'SplitCoins':
      return splitCoins(session, values, command.SplitCoins);
    case 'MergeCoins':
      return mergeCoins(session, values, command.MergeCoins);
    case 'TransferObjects':
      return transferObjects(session, values, command.TransferObjects);
    case 'MakeMoveVec':
      return makeVector(session, values, command.MakeMoveVec);
    default:
      throw noCompiler(command);
  }
}

function moveCall(session: Session, values: Values, call: Of<'MoveCall'>['MoveCall']): Result[] {
  const packageId = parseAddress(call.package);
  const found = session.registry.findFunction(packageId, call.module, call.function);
  if (!found) throw fail('FunctionNotFound');
  const { parameters, returns } = found.function;
  const typeArguments = checkTypeArguments(session.registry, found, call.typeArguments);
  const taken = parameters.filter((type) => !isContext(type));
  if (call.arguments.length !== taken.length) throw fail('ArityMismatch');

  const given = taken.map((type, position) => {
    const argument = call.arguments[position];
    if (!argument) throw fail('ArityMismatch');
    const expected = substitute(type, typeArguments);
    if (typeof type === 'object' && 'mutable' in type) {
      return values.borrow(position, argument, expected, true).value;
    }
    if (typeof type === 'object' && 'reference' in type) {
      return values.borrow(position, argument, expected, false).value;
    }
    return values.take(position, argument, expected).value;
  });
  const answers = session.within(found, packageId, () =>
    found.function.run(session, typeArguments, given),
  );
  if (answers.length !== returns.length) {
    throw new Error(
      `${found.function.module}::${found.function.name} gave a wrong number of values`,
    );
  }
  return returns.map((type, i) => ({ type: substitute(type, typeArguments), value: answers[i] }));
}

function isContext(type: FoundFunction['function']['parameters'][number]): boolean {
  if (typeof type === 'string') return false;
  const inside = 'mutable' in type ? type.mutable : 'reference' in type ? type.reference : type;
  return typeof inside === 'object' && 'module' in inside && inside.module === 'tx_context';
}

function checkTypeArguments(registry: Registry, found: FoundFunction, texts: readonly string[]) {
  const parameters = found.function.typeParameters ?? [];
  if (texts.length !== parameters.length) throw fail('TypeArityMismatch');
  return texts.map((text, position) => {
    const refuse = (fault: 'TypeNotFound' | 'ConstraintNotSatisfied') =>
      new ExecutionFailure({ kind: 'TypeArgumentError', position, fault });
    try {
      const tag = parseType(text);
      const abilities = registry.abilities(tag);
      const wanted = parameters[position]?.constraints ?? [];
      if (!wanted.every((ability) => abilities.has(ability)))
        throw refuse('ConstraintNotSatisfied');
      return tag;
    } catch (error) {
      throw error instanceof UnknownTypeError ? refuse('TypeNotFound') : error;
    }
  });
}

function isCoin(type: TypeTag): boolean {
  return formatType(type).startsWith(`${SUI_FRAMEWORK}::coin::Coin<`);
}

function splitCoins(
  session: Session,
  values: Values,
  command: Of<'SplitCoins'>['SplitCoins'],
): Result[] {
  const { type, value } = values.borrow(0, command.coin, undefined, true);
  if (!isCoin(type)) throw badArgument(0, 'TypeMismatch');
  const coin = value as CoinValue;
  return command.amounts.map((argument, i) => {
    const amount = values.take(i + 1, argument, 'u64').value as bigint;
    if (coin.balance.value < amount) throw fail('InsufficientCoinBalance');
    coin.balance.value -= amount;
    return { type, value: { id: session.freshId(), balance: { value: amount } } };
  });
}

function mergeCoins(
  session: Session,
  values: Values,
  command: Of<'MergeCoins'>['MergeCoins'],
): Result[] {
  const { type, value } = values.borrow(0, command.destination, undefined, true);
  if (!isCoin(type)) throw badArgument(0, 'TypeMismatch');
  const target = value as CoinValue;
  for (const [i, argument] of command.sources.entries()) {
    const source = values.take(i + 1, argument, type).value as CoinValue;
    if (target.balance.value + source.balance.value > MAX_U64) throw fail('CoinBalanceOverflow');
    target.balance.value += source.balance.value;
    session.deleteId(source.id);
  }
  return [];
}

function transferObjects(
  session: Session,
  values: Values,
  command: Of<'TransferObjects'>['TransferObjects'],
): Result[] {
  const objects = command.objects.map((argument, position) => {
    const { type, value } = values.takeForTransfer(position, argument);
    const abilities = session.registry.abilities(type);
    if (!abilities.has('key') || !abilities.has('store'))
      throw badArgument(position, 'InvalidTransferObject');
    return { type, value: value as { id: string } };
  });
  const recipient = values.take(objects.length, command.address, 'address').value as string;
  for (const { type, value } of objects) session.transfer(type, value, recipient);
  return [];
}

function makeVector(
  session: Session,
  values: Values,
  command: Of<'MakeMoveVec'>['MakeMoveVec'],
): Result[] {
  const declared = command.type === null ? undefined : parseType(command.type);
  const taken: Result[] = [];
  for (const [position, argument] of command.elements.entries()) {
    taken.push(values.take(position, argument, declared ?? taken[0]?.type));
  }
  const element = declared ?? taken[0]?.type;
  if (element === undefined) throw new Error('an empty vector without a type was let in');
  // Sui cannot tell the type of pure values.
  if (declared === undefined && !session.registry.abilities(element).has('key')) {
    throw badArgument(0, 'InvalidMakeMoveVecNonObjectArgument');
  }
  const list = taken.map(({ value }) => value);
  const value = element === 'u8' ? Uint8Array.from(list as number[]) : list;
  return [{ type: { vector: element }, value }];
}

/** The type of a coin of `coinType`. */
export const coinOf = (coinType: TypeTag): TypeTag =>
  struct(SUI_FRAMEWORK, 'coin', 'Coin', coinType);
