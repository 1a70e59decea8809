import { symbolsPerSliver } from '../../protocol/geometry.ts';
import { proofLength } from '../../protocol/merkle.ts';
import { HASH_BYTES } from '../../protocol/metadata.ts';
import {
  decodeGeneralRecoverySymbols,
  encodeRecoverySymbol,
  type GeneralRecoverySymbol,
  verifyRecoverySymbol,
} from '../../protocol/recovery-symbol.ts';
import { gather } from './gather.ts';
import { allHolders } from './holders.ts';
import { NodeRequests } from './node-requests.ts';
import type { Holder, OpenBlob, ReadDoors, ReadTally } from './read-types.ts';

/** Of a symbol beside its data and its proof: tags, indices, lengths. */
const FRAME_BYTES = 12;

/** Bytes of a symbol with its proof, as it travels. */
export function symbolBytesOnWire({ geometry }: OpenBlob): number {
  const proofBytes = proofLength(geometry.shardCount) * (1 + HASH_BYTES);
  return geometry.symbolBytes + proofBytes + FRAME_BYTES;
}

/**
 * Rebuilds a primary sliver from the symbols where it crosses the secondary slivers of as many shards as it takes. Each
 * symbol is verified by its proof, so a wrong one is charged to who gave it.
 *
 * @returns BCS SliverData that fits the metadata; undefined if there are not enough symbols
 * @throws HauloutError 'blob-inconsistent' if verified symbols make another sliver, 'aborted'
 */
export async function recoverRow(
  doors: ReadDoors,
  blob: OpenBlob,
  index: number,
  tally: ReadTally,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const requests = new NodeRequests(doors, blob.blobId, tally);
  const { geometry, blobId, shardCount, metadata } = blob;
  const need = symbolsPerSliver(geometry, 'primary');
  const symbols = new Map<number, Uint8Array>();
  const holders = allHolders(await doors.committees());
  await gather(
    {
      need,
      candidates: doors.health.ranked(holders, ({ nodeId }) => nodeId),
      promises: ({ shards }: Holder) => shards.length,
      async ask(holder, inner, late) {
        const bytes = holder.shards.length * symbolBytesOnWire(blob);
        const outcome = await requests.ask(
          holder,
          {
            ...{ bytes, order: index, late },
            ask: (client, both) =>
              client.recoverySymbols({ axis: 'primary', sliverIndex: index }, 2 * bytes, both),
            check: async (answer) => verified(blob, index, answer),
          },
          inner,
        );
        if ('refusal' in outcome) {
          if (outcome.refusal === 'lie') tally.failRow(index, holder.nodeId);
          return 0;
        }
        const before = symbols.size;
        for (const symbol of outcome.value) symbols.set(symbol.index, encodeRecoverySymbol(symbol));
        return symbols.size - before;
      },
    },
    signal,
  );
  if (symbols.size < need) return undefined;
  return doors.verifier.recoverSliver({
    ...{ blobId, shardCount, metadata, axis: 'primary', sliverIndex: index, signal },
    symbols: [...symbols.values()],
  });
}

/** @throws HauloutError 'symbol-malformed', 'symbol-mismatch' */
function verified(
  { commitments: metadata, geometry }: OpenBlob,
  targetSliverIndex: number,
  answer: Uint8Array,
): readonly GeneralRecoverySymbol[] {
  const symbols = decodeGeneralRecoverySymbols(answer);
  for (const symbol of symbols) {
    verifyRecoverySymbol({ metadata, geometry, axis: 'primary', targetSliverIndex, symbol });
  }
  return symbols;
}
