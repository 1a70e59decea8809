/** The gRPC status codes that this chain answers with. */
export const Code = {
  cancelled: 1,
  invalidArgument: 3,
  notFound: 5,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export type Code = (typeof Code)[keyof typeof Code];

/** A refusal that the caller of a service reads. Everything else that is thrown is a bug of the chain. */
export class RpcStatus extends Error {
  override readonly name = 'RpcStatus';
  readonly code: Code;

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export const invalid = (message: string) => new RpcStatus(Code.invalidArgument, message);
export const notFound = (message: string) => new RpcStatus(Code.notFound, message);
export const unimplemented = (message: string) => new RpcStatus(Code.unimplemented, message);
