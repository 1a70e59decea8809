import type { Authenticated, Authorized } from '../../../chain/layouts/staking.ts';
import { moduleOf } from './call.ts';
import { type Address, type NativeFunction, ref, TX_CONTEXT, typeParameter } from './native.ts';
import type { WalrusTypes } from './types.ts';

export const bySender = (sender: Address): Authenticated => ({ $kind: 'Sender', Sender: sender });
export const toAddress = (address: Address): Authorized => ({ $kind: 'Address', Address: address });
export const toObject = (id: Address): Authorized => ({ $kind: 'ObjectID', ObjectID: id });

export function matches(by: Authenticated, to: Authorized): boolean {
  if (by.$kind === 'Sender') return to.$kind === 'Address' && to.Address === by.Sender;
  return to.$kind === 'ObjectID' && to.ObjectID === by.Object;
}

export function authFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'auth');
  return [
    define('authenticate_sender', {
      parameters: [TX_CONTEXT],
      returns: [types.authenticated],
      run: ({ context }) => bySender(context.sender),
    }),
    define('authenticate_with_object', {
      typeParameters: [{ constraints: ['key'] }],
      parameters: [ref(typeParameter(0))],
      returns: [types.authenticated],
      run: (_, object: { id: Address }): Authenticated => ({ $kind: 'Object', Object: object.id }),
    }),
    define('authorized_address', {
      parameters: ['address'],
      returns: [types.authorized],
      run: (_, address: Address) => toAddress(address),
    }),
    define('authorized_object', {
      parameters: [types.id],
      returns: [types.authorized],
      run: (_, id: Address) => toObject(id),
    }),
  ];
}
