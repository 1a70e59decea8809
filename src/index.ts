import type {
  BlobSummary,
  ComputeOptions,
  EncodeBlobOptions,
  EncodedBlob,
} from './protocol/blob-summary.ts';
import { createEncoder, type Encoder } from './workers/encoder.ts';

export { MAINNET, type NetworkInfo, TESTNET } from './chain/network-info.ts';
export { keypairWallet } from './chain/wallet/keypair-wallet.ts';
export { type StandardWallet, walletStandardWallet } from './chain/wallet/standard-wallet.ts';
export type { DecodeOptions } from './encoding/decode-context.ts';
export type { RecoverSliverOptions, RecoverySymbolsOptions } from './encoding/recover-sliver.ts';
export type { VerifySliverOptions } from './encoding/verify-sliver.ts';
export type {
  AuditOptions,
  BlobRead,
  ReadBlobOptions,
  ReadCallOptions,
  ReadProgress,
} from './flows/read/blob-reads.ts';
export type { WalrusFetchInit } from './flows/read/walrus-fetch.ts';
export {
  createHaulout,
  type HauloutOptions,
  type HauloutPorts,
} from './flows/store/create-haulout.ts';
export type { Haulout, StoreCallOptions } from './flows/store/haulout.ts';
export type { Rescue } from './flows/store/rescue.ts';
export type { StorageDoors } from './flows/store/sources.ts';
export type {
  CancelReport,
  Condition,
  FileProgress,
  JobSnapshot,
  OpenJob,
  Quote,
  QuotedCost,
  QuotedFile,
  QuoteOptions,
  StoredFile,
  StoreJob,
  StoreSource,
  StoreState,
} from './flows/store/types.ts';
export type { ChainCheck, ReceiptReport } from './flows/store/verify-receipt.ts';
export type { BlobStatus, DeletableCounts } from './network/blob-status.ts';
export type { Axis } from './protocol/axis.ts';
export {
  blobIdFromInteger,
  blobIdToInteger,
  findBlobId,
  formatBlobId,
  parseBlobId,
} from './protocol/blob-id.ts';
export type {
  BlobSummary,
  ComputeOptions,
  EncodeBlobOptions,
  EncodedBlob,
  EncodeOptions,
  EncodeProgress,
} from './protocol/blob-summary.ts';
export {
  type ErrorCode,
  type ErrorDetails,
  HauloutError,
  isHauloutError,
} from './protocol/errors.ts';
export { encodedLength, maxBlobBytes } from './protocol/geometry.ts';
export { Hold } from './protocol/hold.ts';
export type { WalletAccount, WalletPort } from './protocol/ports.ts';
export type { Receipt } from './protocol/receipt.ts';
export { type MetadataClaim, verifyMetadata } from './protocol/verify-metadata.ts';
export type { AuditedShard, AuditReport } from './transfer/read/audit.ts';
export type { Consistency } from './transfer/read/blob-read.ts';
export type { BlobSource } from './transfer/read/blob-source.ts';
export type { AgreedStatus } from './transfer/read/blob-status.ts';
export type { NodeSight, NodeState, NodesSight } from './transfer/read/look-at-nodes.ts';
export type { ReadReport, RowNews, RowOrigin } from './transfer/read/read-types.ts';
export { createEncoder, type Encoder, type EncoderOptions } from './workers/encoder.ts';

let shared: Encoder | undefined; // its threads end by themselves when idle

function encoder(): Encoder {
  shared ??= createEncoder();
  return shared;
}

/** See `Encoder.computeBlobId`; this and the others use one encoder for all callers. */
export function computeBlobId(
  source: Blob | Uint8Array,
  options: ComputeOptions,
): Promise<BlobSummary> {
  return encoder().computeBlobId(source, options);
}

/** The summary and all slivers. */
export function encodeBlob(
  source: Blob | Uint8Array,
  options: EncodeBlobOptions,
): Promise<EncodedBlob> {
  return encoder().encodeBlob(source, options);
}

/** The blob's bytes, checked against the blob ID. */
export const decodeBlob: Encoder['decodeBlob'] = (options) => encoder().decodeBlob(options);

/** Settles if the sliver is the one that the blob ID commits to, and rejects if not. */
export const verifySliver: Encoder['verifySliver'] = (options) => encoder().verifySliver(options);

/** A missing sliver from symbols of others. */
export const recoverSliver: Encoder['recoverSliver'] = (options) =>
  encoder().recoverSliver(options);

/** The symbols that the holder of a sliver gives for the recovery of others. */
export const makeRecoverySymbols: Encoder['makeRecoverySymbols'] = (options) =>
  encoder().makeRecoverySymbols(options);
