import { toBase64 } from '@mysten/bcs';
import { bcs } from '@mysten/sui/bcs';
import { GrpcTypes } from '@mysten/sui/grpc';
import { isValidPersonalMessageSignature, isValidTransactionSignature } from '@mysten/sui/verify';
import type { SuiChain } from '../chain.ts';
import { invalid, notFound, unimplemented } from '../status.ts';
import { parseAddress } from '../types/type-tag.ts';
import { methodsOf } from './service.ts';

/** Nobody has a name here. */
export function nameService() {
  return methodsOf(GrpcTypes.NameService, {
    unary: {
      LookupName: ({ name }: GrpcTypes.LookupNameRequest) => {
        throw notFound(`the local chain has no names: ${JSON.stringify(name ?? '')}`);
      },
      ReverseLookupName: ({ address }: GrpcTypes.ReverseLookupNameRequest) => {
        throw notFound(`the local chain has no name for ${parseAddress(address)}`);
      },
    },
  });
}

export function signatureService() {
  return methodsOf(GrpcTypes.SignatureVerificationService, {
    unary: {
      VerifySignature: async (request: GrpcTypes.VerifySignatureRequest) => {
        const { message, signature, address } = request;
        if (!message?.value || !signature?.bcs?.value)
          throw invalid('message or signature is missing');
        const text = toBase64(signature.bcs.value);
        const options = address === undefined ? {} : { address: parseAddress(address) };
        const isValid = await verify(message.name ?? '', message.value, text, options);
        return { isValid, ...(isValid ? {} : { reason: 'the signature is not valid' }) };
      },
    },
  });
}

async function verify(
  scope: string,
  value: Uint8Array,
  signature: string,
  options: { address?: string },
) {
  if (scope === 'TransactionData') return isValidTransactionSignature(value, signature, options);
  if (scope !== 'PersonalMessage')
    throw unimplemented(`a signature over ${scope} cannot be verified`);
  let text: Uint8Array;
  try {
    text = Uint8Array.from(bcs.byteVector().parse(value));
  } catch {
    throw invalid('the personal message is not a BCS vector');
  }
  return isValidPersonalMessageSignature(text, signature, options);
}

/** Control of time, as Sui's own forking service has it. */
export function forkingService(chain: SuiChain) {
  return methodsOf(GrpcTypes.ForkingService, {
    unary: {
      AdvanceClock: async ({ durationMs = 1n }: GrpcTypes.AdvanceClockRequest) => {
        if (durationMs > MAX_ADVANCE_MS)
          throw invalid(`the clock cannot be put forward by ${durationMs} ms`);
        const timestampMs = BigInt(await chain.advanceClock(Number(durationMs)));
        return { timestampMs, txDigest: '' };
      },
      AdvanceCheckpoint: async () => {
        await chain.advanceCheckpoint();
        const { sequence, timestampMs } = chain.ledger.latest;
        return { checkpointSequenceNumber: BigInt(sequence), timestampMs: BigInt(timestampMs) };
      },
      GetStatus: () => {
        const { sequence, timestampMs } = chain.ledger.latest;
        return {
          epoch: chain.epoch,
          checkpointSequenceNumber: BigInt(sequence),
          timestampMs: BigInt(timestampMs),
          forkedAtCheckpoint: 0n,
        };
      },
    },
  });
}

const MAX_ADVANCE_MS = 10n * 365n * 86_400_000n;
