/** Module `init`: the step that puts an upgraded package in force. */
import type { Versioned } from '../../../chain/layouts/system.ts';
import { type Call, check, moduleOf } from './call.ts';
import { emit } from './events.ts';
import { type NativeFunction, TX_CONTEXT, type TypeTag } from './native.ts';
import { stakingRef } from './staking.ts';
import { mut, type WalrusTypes } from './types.ts';

const INVALID_MIGRATION = 0;

/** Moves the state to the called version of the package, if an upgrade to it was committed. */
function migrate(call: Call, module: string, object: Versioned, innerType: TypeTag): void {
  const { fields, packageVersion } = call.context;
  const version = BigInt(packageVersion);
  check(call, object.version < version, module, INVALID_MIGRATION, 'migrate');
  const inner = fields.remove(object.id, 'u64', object.version, innerType);
  fields.add(object.id, 'u64', version, innerType, inner);
  object.version = version;
  const next = object.new_package_id ?? null;
  if (next === null) call.context.abort(module, INVALID_MIGRATION, 'migrate');
  object.package_id = next;
  object.new_package_id = null;
}

export function upgradeFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'init');
  return [
    define('migrate_v2', {
      visibility: 'entry',
      parameters: [mut(types.staking), mut(types.system), TX_CONTEXT],
      run: (call, staking: Versioned, system: Versioned) => {
        migrate(call, 'staking', staking, types.stakingInner);
        migrate(call, 'system', system, types.systemInner);
        const { package_id, version } = staking;
        const same = package_id === system.package_id && version === system.version;
        check(call, same, 'init', INVALID_MIGRATION);
        emit(call, 'ContractUpgraded', {
          epoch: stakingRef(call, staking).epoch,
          package_id,
          version,
        });
      },
    }),
  ];
}
