import { bcs } from '@mysten/bcs';
import { U64, UID } from '../../../chain/layouts/sui.ts';
import { CLOCK_ID } from '../ledger/ledger-object.ts';
import {
  address,
  type GenesisObject,
  type GenesisPart,
  type NativePackage,
  SUI_FRAMEWORK,
  struct,
} from '../move/native.ts';
import { balanceFunctions, coinFunctions } from './coin.ts';
import { CoinMetadata } from './coin-metadata.ts';
import { objectFunctions, vecMapFunctions } from './objects.ts';
import { stdPackage } from './std.ts';
import { frameworkStructs } from './structs.ts';

const suiPackage: NativePackage = {
  originalId: SUI_FRAMEWORK,
  versions: [{ id: SUI_FRAMEWORK, version: 1 }],
  structs: frameworkStructs,
  functions: [...balanceFunctions, ...coinFunctions, ...objectFunctions, ...vecMapFunctions],
};

export const SUI_METADATA_ID = address(
  '0x9258181f5ceac8dbffb7030890243caed69a9599d2886d957a9cb7656af3bdb3',
);

const SUI = struct(SUI_FRAMEWORK, 'sui', 'SUI');
const ClockLayout = bcs.struct('Clock', { id: UID, timestamp_ms: U64 });

export const clockContents = (timestampMs: bigint): Uint8Array =>
  ClockLayout.serialize({ id: CLOCK_ID, timestamp_ms: timestampMs }).toBytes();

/** `0x1`, `0x2`, the clock and what is known about SUI. */
export function frameworkGenesis(startMs: number): GenesisPart {
  const clock: GenesisObject = {
    id: CLOCK_ID,
    type: struct(SUI_FRAMEWORK, 'clock', 'Clock'),
    owner: { kind: 'shared', initialVersion: 1n },
    contents: clockContents(BigInt(startMs)),
  };
  const metadata: GenesisObject = {
    id: SUI_METADATA_ID,
    type: struct(SUI_FRAMEWORK, 'coin', 'CoinMetadata', SUI),
    owner: { kind: 'immutable' },
    contents: CoinMetadata.serialize({
      id: SUI_METADATA_ID,
      decimals: 9,
      name: 'Sui',
      symbol: 'SUI',
      description: '',
      icon_url: null,
    }).toBytes(),
  };
  return { packages: [stdPackage, suiPackage], objects: [clock, metadata] };
}
