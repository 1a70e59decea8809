import { GrpcTypes } from '@mysten/sui/grpc';
import type { Owner } from '../../move/native.ts';
import type { Timestamp } from './google.ts';

export const timestamp = (ms: number): Timestamp => ({
  seconds: BigInt(Math.floor(ms / 1000)),
  nanos: (ms % 1000) * 1_000_000,
});

export const milliseconds = (time: Timestamp): string =>
  (time.seconds * 1000n + BigInt(Math.floor(time.nanos / 1_000_000))).toString();

export const bcsMessage = (name: string, value: Uint8Array): GrpcTypes.Bcs => ({ name, value });

export function ownerMessage(owner: Owner): GrpcTypes.Owner {
  const { Owner_OwnerKind: Kind } = GrpcTypes;
  switch (owner.kind) {
    case 'address':
      return { kind: Kind.ADDRESS, address: owner.address };
    case 'object':
      return { kind: Kind.OBJECT, address: owner.parent };
    case 'shared':
      return { kind: Kind.SHARED, version: owner.initialVersion };
    case 'immutable':
      return { kind: Kind.IMMUTABLE };
  }
}
