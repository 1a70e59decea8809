import { bcs } from '@mysten/bcs';
import { UID } from '../../../chain/layouts/sui.ts';

/** `0x2::coin::CoinMetadata<T>` */
export const CoinMetadata = bcs.struct('CoinMetadata', {
  id: UID,
  decimals: bcs.u8(),
  name: bcs.string(),
  symbol: bcs.string(),
  description: bcs.string(),
  icon_url: bcs.option(bcs.string()),
});
