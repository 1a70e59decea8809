import type { Blob, SharedBlob } from '../../../chain/layouts/blob.ts';
import type { Versioned } from '../../../chain/layouts/system.ts';
import { type Call, moduleOf } from './call.ts';
import { type Balance, type Coin, emptyBalance, intoBalance, intoCoin, join } from './funds.ts';
import { type NativeFunction, TX_CONTEXT } from './native.ts';
import { systemMut } from './system.ts';
import { extendBlob } from './system-state-inner.ts';
import { mut, type WalrusTypes } from './types.ts';

function share({ context, types }: Call, blob: Blob, funds: Balance): void {
  const shared: SharedBlob = { id: context.freshId(), blob, funds };
  context.share(types.sharedBlob, shared);
}

/** Pays from the funds of the blob, through a coin as long as it takes. */
function extend(call: Call, self: SharedBlob, system: Versioned, epochs: number): void {
  const coin = intoCoin(call, self.funds);
  self.funds = emptyBalance();
  extendBlob(call, systemMut(call, system), self.blob, epochs, coin.balance);
  join(self.funds, intoBalance(call, coin));
}

export function sharedBlobFunctions(types: WalrusTypes): NativeFunction[] {
  const define = moduleOf(types, 'shared_blob');
  return [
    define('new', {
      parameters: [types.blob, TX_CONTEXT],
      run: (call, blob: Blob) => share(call, blob, emptyBalance()),
    }),
    define('new_funded', {
      parameters: [types.blob, types.walCoin, TX_CONTEXT],
      run: (call, blob: Blob, funds: Coin) => share(call, blob, intoBalance(call, funds)),
    }),
    define('fund', {
      parameters: [mut(types.sharedBlob), types.walCoin],
      run: (call, self: SharedBlob, added: Coin) => join(self.funds, intoBalance(call, added)),
    }),
    define('extend', {
      parameters: [mut(types.sharedBlob), mut(types.system), 'u32', TX_CONTEXT],
      run: extend,
    }),
  ];
}
