import type { GrpcTypes } from '@mysten/sui/grpc';

/** The Google types, which the client package does not export by name. */
export type Timestamp = NonNullable<GrpcTypes.ExecutedTransaction['timestamp']>;
export type Value = NonNullable<GrpcTypes.Object['json']>;
export type FieldMask = NonNullable<GrpcTypes.GetObjectRequest['readMask']>;
