import type { GrpcTypes } from '@mysten/sui/grpc';
import type { Checkpoint, Ledger } from '../../ledger/ledger.ts';
import { bcsMessage, timestamp } from './common.ts';
import { executedMessage } from './executed.ts';

/** Without validator signatures: there are no validators. */
export function checkpointMessage(checkpoint: Checkpoint, ledger: Ledger): GrpcTypes.Checkpoint {
  const { transaction } = checkpoint;
  const executed = transaction ? [executedMessage(transaction, ledger)] : [];
  return {
    sequenceNumber: BigInt(checkpoint.sequence),
    digest: checkpoint.digest,
    summary: {
      digest: checkpoint.digest,
      epoch: checkpoint.epoch,
      sequenceNumber: BigInt(checkpoint.sequence),
      totalNetworkTransactions: BigInt(checkpoint.totalTransactions),
      contentDigest: checkpoint.contentDigest,
      previousDigest: checkpoint.previousDigest,
      timestamp: timestamp(checkpoint.timestampMs),
      commitments: [],
    },
    contents: {
      digest: checkpoint.contentDigest,
      version: 1,
      transactions: transaction
        ? [
            {
              transaction: transaction.tx.digest,
              effects: transaction.outcome.effectsDigest,
              signatures: transaction.signatures.map((value) => ({
                bcs: bcsMessage('UserSignatureBytes', value),
                signature: { oneofKind: undefined },
              })),
              addressAliasesVersions: [],
            },
          ]
        : [],
    },
    transactions: executed,
    objects: { objects: executed.flatMap(({ objects }) => objects?.objects ?? []) },
  };
}
