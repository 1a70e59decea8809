import { fromBase64 } from '@mysten/bcs';
import { invalid, type RpcStatus, unimplemented } from '../status.ts';
import type { Registry } from '../types/registry.ts';
import { parseAddress } from '../types/type-tag.ts';
import { LIMITS } from './limits.ts';
import type { CallArg, Command, ParsedTransaction } from './transaction.ts';

/**
 * What can be seen of a transaction without looking at objects.
 *
 * @throws RpcStatus INVALID_ARGUMENT, UNIMPLEMENTED for functions that the local chain does not have
 */
export function checkShape({ programmable, data }: ParsedTransaction, registry: Registry): void {
  const { commands, inputs } = programmable;
  most('commands', commands.length, LIMITS.commands);
  const packages = commands.flatMap((command) => command.MoveCall?.package ?? []);
  const objects = inputs.filter((input) => input.$kind === 'Object');
  most('input objects', objects.length + new Set(packages).size, LIMITS.inputObjects);
  most('gas coins', data.gasData.payment.length, LIMITS.gasCoins);
  for (const input of inputs) checkPure(input);
  for (const command of commands) checkCommand(command, registry);
}

function most(what: string, count: number, limit: number): void {
  if (count > limit) {
    throw invalid(`Size limit exceeded: ${count} ${what}, the most that is taken is ${limit}`);
  }
}

function checkPure(input: CallArg): void {
  if (input.$kind !== 'Pure') return;
  most('bytes in a pure input', fromBase64(input.Pure.bytes).length, LIMITS.pureBytes);
}

function checkCommand(command: Command, registry: Registry): void {
  switch (command.$kind) {
    case 'MoveCall':
      checkCall(command.MoveCall, registry);
      return;
    case 'TransferObjects':
      checkList(command.TransferObjects.objects);
      return;
    case 'SplitCoins':
      checkList(command.SplitCoins.amounts);
      return;
    case 'MergeCoins':
      checkList(command.MergeCoins.sources);
      return;
    case 'MakeMoveVec':
      checkList(command.MakeMoveVec.elements, command.MakeMoveVec.type !== null);
      return;
    default:
      throw noCompiler(command);
  }
}

function checkList({ length }: readonly unknown[], mayBeEmpty = false): void {
  if (length === 0 && !mayBeEmpty) throw invalid('Command input is empty');
  most('arguments', length, LIMITS.arguments);
}

function checkCall(call: NonNullable<Command['MoveCall']>, registry: Registry): void {
  const { package: id, module, function: name, typeArguments } = call;
  most('type arguments', typeArguments.length, LIMITS.typeArguments);
  most('arguments', call.arguments.length, LIMITS.arguments);
  if (!registry.package(parseAddress(id))) {
    throw invalid(`Package ${id} does not exist: a dependent package was not found on-chain`);
  }
  if (!registry.findFunction(parseAddress(id), module, name)) {
    throw unimplemented(`the local chain does not have the function ${id}::${module}::${name}`);
  }
}

export const noCompiler = ({ $kind }: Command): RpcStatus =>
  unimplemented(`the local chain has no Move compiler: ${$kind} is refused`);
