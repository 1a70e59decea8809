import { GrpcTypes } from '@mysten/sui/grpc';
import type { SuiChain } from '../chain.ts';
import type { Checkpoint, ExecutedTransaction } from '../ledger/ledger.ts';
import { invalid, notFound, RpcStatus } from '../status.ts';
import { parseAddress } from '../types/type-tag.ts';
import { checkpointMessage } from './proto/checkpoint.ts';
import { timestamp } from './proto/common.ts';
import { executedMessage } from './proto/executed.ts';
import type { FieldMask } from './proto/google.ts';
import { objectMessage } from './proto/object.ts';
import { listCheckpoints, listEvents, listTransactions } from './queries.ts';
import { applyMask } from './read-mask.ts';
import { methodsOf } from './service.ts';

const OBJECT_DEFAULTS = ['object_id', 'version', 'digest'];
const MAX_BATCH = 50;
const PROTOCOL_VERSION = 1n;

export function ledgerService(chain: SuiChain) {
  return methodsOf(GrpcTypes.LedgerService, {
    unary: {
      GetServiceInfo: () => serviceInfo(chain),
      GetObject: (request: GrpcTypes.GetObjectRequest): GrpcTypes.GetObjectResponse => ({
        object: readObject(chain, request, request.readMask),
      }),
      BatchGetObjects: (request: GrpcTypes.BatchGetObjectsRequest) =>
        batchGetObjects(chain, request),
      GetTransaction: ({ digest, readMask }: GrpcTypes.GetTransactionRequest) => ({
        transaction: readTransaction(chain, digest, readMask),
      }),
      BatchGetTransactions: (request: GrpcTypes.BatchGetTransactionsRequest) =>
        batchGetTransactions(chain, request),
      GetCheckpoint: (request: GrpcTypes.GetCheckpointRequest) => getCheckpoint(chain, request),
      GetEpoch: (request: GrpcTypes.GetEpochRequest) => getEpoch(chain, request),
    },
    streams: {
      ListTransactions: (request: GrpcTypes.ListTransactionsRequest) =>
        listTransactions(chain, request),
      ListEvents: (request: GrpcTypes.ListEventsRequest) => listEvents(chain, request),
      ListCheckpoints: (request: GrpcTypes.ListCheckpointsRequest) =>
        listCheckpoints(chain, request),
    },
  });
}

function serviceInfo(chain: SuiChain): GrpcTypes.GetServiceInfoResponse {
  const height = chain.visibleHeight();
  return {
    chainId: chain.faults.now.chainId ?? chain.ledger.chainId,
    chain: 'unknown',
    epoch: chain.epoch,
    checkpointHeight: BigInt(height),
    timestamp: timestamp(chain.ledger.checkpoints[height]?.timestampMs ?? 0),
    lowestAvailableCheckpoint: 0n,
    lowestAvailableCheckpointObjects: 0n,
    server: 'haulout-local-chain',
  };
}

function readObject(
  chain: SuiChain,
  { objectId, version }: GrpcTypes.GetObjectRequest,
  mask: FieldMask | undefined,
): GrpcTypes.Object {
  const id = parseAddress(objectId, 'object_id');
  const named = version === undefined ? `Object ${id}` : `Object ${id} with version ${version}`;
  if (chain.faults.denies(id)) throw notFound(`${named} not found`);
  const view = chain.view();
  const object = version === undefined ? view.get(id) : view.version(id, version);
  if (!object) throw notFound(`${named} not found`);
  const message = objectMessage(chain.faults.told(object), chain.ledger.registry, mask);
  return applyMask(GrpcTypes.Object, message, mask, OBJECT_DEFAULTS);
}

function batchGetObjects(
  chain: SuiChain,
  { requests, readMask }: GrpcTypes.BatchGetObjectsRequest,
): GrpcTypes.BatchGetObjectsResponse {
  if (requests.length > MAX_BATCH) {
    throw invalid(`number of batch requests exceed limit: ${requests.length} > ${MAX_BATCH}`);
  }
  const objects = requests.map((request) =>
    orError('object', () => readObject(chain, request, readMask)),
  );
  return { objects: objects as GrpcTypes.GetObjectResult[] };
}

function readTransaction(
  chain: SuiChain,
  digest: string | undefined,
  mask: FieldMask | undefined,
): GrpcTypes.ExecutedTransaction {
  const executed = findTransaction(chain, digest);
  const message = executedMessage(executed, chain.ledger);
  return applyMask(GrpcTypes.ExecutedTransaction, message, mask, ['digest']);
}

/** @throws RpcStatus NOT_FOUND, also when it is executed but not yet visible */
function findTransaction(chain: SuiChain, digest: string | undefined): ExecutedTransaction {
  if (digest === undefined || !/^[1-9A-HJ-NP-Za-km-z]{32,44}$/.test(digest)) {
    throw invalid('digest is not a transaction digest');
  }
  const executed = chain.ledger.transaction(digest);
  const late = executed && executed.checkpoint > chain.visibleHeight();
  if (late) chain.faults.count('finalityDelayMs');
  if (!executed || late || chain.faults.denies(digest)) {
    throw notFound(`Transaction ${digest} not found`);
  }
  return executed;
}

function batchGetTransactions(
  chain: SuiChain,
  { digests, readMask }: GrpcTypes.BatchGetTransactionsRequest,
): GrpcTypes.BatchGetTransactionsResponse {
  if (digests.length > MAX_BATCH) {
    throw invalid(`number of batch requests exceed limit: ${digests.length} > ${MAX_BATCH}`);
  }
  const transactions = digests.map((digest) =>
    orError('transaction', () => readTransaction(chain, digest, readMask)),
  );
  return { transactions: transactions as GrpcTypes.GetTransactionResult[] };
}

/** One element of a batch: its value, or the reason why there is none. */
function orError(kind: 'object' | 'transaction', read: () => object): object {
  try {
    return { result: { oneofKind: kind, [kind]: read() } };
  } catch (error) {
    if (!(error instanceof RpcStatus)) throw error;
    const { code, message } = error;
    return { result: { oneofKind: 'error', error: { code, message, details: [] } } };
  }
}

function getCheckpoint(
  chain: SuiChain,
  { checkpointId, readMask }: GrpcTypes.GetCheckpointRequest,
): GrpcTypes.GetCheckpointResponse {
  const height = chain.visibleHeight();
  const visible = (checkpoint: Checkpoint | undefined) =>
    checkpoint && checkpoint.sequence <= height ? checkpoint : undefined;
  const { checkpoints } = chain.ledger;
  let found: Checkpoint | undefined;
  if (checkpointId.oneofKind === 'sequenceNumber') {
    found = visible(checkpoints[Number(checkpointId.sequenceNumber)]);
  } else if (checkpointId.oneofKind === 'digest') {
    found = visible(checkpoints.find(({ digest }) => digest === checkpointId.digest));
  } else {
    found = checkpoints[height];
  }
  if (!found) throw notFound('Checkpoint not found');
  const message = checkpointMessage(found, chain.ledger);
  return {
    checkpoint: applyMask(GrpcTypes.Checkpoint, message, readMask, ['sequence_number', 'digest']),
  };
}

function getEpoch(chain: SuiChain, { epoch = chain.epoch, readMask }: GrpcTypes.GetEpochRequest) {
  const found = chain.allEpochs.find((each) => each.epoch === epoch);
  if (!found) throw notFound(`Epoch ${epoch} not found`);
  const next = chain.allEpochs.find((each) => each.epoch === epoch + 1n);
  const price = chain.faults.now.gas.price ?? found.gasPrice;
  const message: GrpcTypes.Epoch = {
    epoch,
    firstCheckpoint: BigInt(found.firstCheckpoint),
    start: timestamp(found.startMs),
    ...(next
      ? { lastCheckpoint: BigInt(next.firstCheckpoint - 1), end: timestamp(next.startMs) }
      : {}),
    referenceGasPrice: price,
    protocolConfig: {
      protocolVersion: PROTOCOL_VERSION,
      featureFlags: {},
      attributes: {},
      configs: {},
    },
    systemState: {
      version: 2n,
      epoch,
      protocolVersion: PROTOCOL_VERSION,
      referenceGasPrice: price,
      epochStartTimestampMs: BigInt(found.startMs),
      safeMode: false,
    } as NonNullable<GrpcTypes.Epoch['systemState']>,
  };
  return { epoch: applyMask(GrpcTypes.Epoch, message, readMask, ['epoch']) };
}
