import type { RpcTransport } from '@mysten/sui/grpc';
import type { Clock } from '../../protocol/ports.ts';
import type { SuiChain } from './chain.ts';
import { executionService } from './rpc/execution-service.ts';
import { ledgerService } from './rpc/ledger-service.ts';
import { forkingService, nameService, signatureService } from './rpc/other-services.ts';
import { packageService } from './rpc/package-service.ts';
import { stateService } from './rpc/state-service.ts';
import { subscriptionService } from './rpc/subscription-service.ts';
import { grpcWebHandler, type Handler } from './wire/handler.ts';
import { inProcessTransport } from './wire/transport.ts';

/** The services of a chain, over HTTP and without. */
export interface FullNode {
  readonly handler: Handler;
  /** for `new SuiGrpcClient({ network, transport })` in the same process, which also controls the chain's time */
  readonly transport: RpcTransport;
}

export function fullNode(chain: SuiChain, clock: Clock): FullNode {
  const methods = [
    ...ledgerService(chain),
    ...stateService(chain),
    ...executionService(chain, clock),
    ...packageService(chain),
    ...nameService(),
    ...signatureService(),
    ...subscriptionService(chain, clock),
  ];
  // Any page may ask a port; time is for whoever holds the chain.
  const inside = grpcWebHandler([...methods, ...forkingService(chain)], chain.faults);
  return {
    handler: grpcWebHandler(methods, chain.faults),
    transport: inProcessTransport(inside),
  };
}
