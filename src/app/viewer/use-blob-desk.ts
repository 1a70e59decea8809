import { useEffect, useState } from 'react';
import { useBase } from '../base.ts';
import { clock } from '../doors.ts';
import { BlobDesk, type BlobWish } from './blob-desk.ts';
import { gatewayNow, openGateway } from './open-gateway.ts';

/** The desk of one blob, which is looked up at once and closed with the component. */
export function useBlobDesk(wish: BlobWish): BlobDesk {
  const { engine, network } = useBase();
  const [desk] = useState(
    () =>
      new BlobDesk(
        {
          clock,
          engine: () => engine.engine(),
          gatewayNow: () => gatewayNow(network),
          gateway: () => openGateway(network),
          makeUrl: (blob) => URL.createObjectURL(blob),
          dropUrl: (url) => URL.revokeObjectURL(url),
        },
        wish,
      ),
  );
  useEffect(() => desk.open(), [desk]);
  return desk;
}
