import type { Code } from '../status.ts';

/** A protobuf message with its codec; the generated ones of the client package fit. */
export interface Codec {
  readonly typeName: string;
  fromBinary(bytes: Uint8Array): object;
  toBinary(message: object): Uint8Array;
  create(message: object): object;
}

/** A service as the client package describes it. */
export interface ServiceDescription {
  readonly typeName: string;
  readonly methods: readonly {
    readonly name: string;
    readonly I: unknown;
    readonly O: unknown;
    readonly serverStreaming?: boolean;
  }[];
}

export interface Method {
  readonly path: string;
  readonly input: Codec;
  readonly output: Codec;
  /** undefined: known by name, not offered */
  readonly unary?: (request: never) => object | Promise<object>;
  readonly stream?: (request: never, signal: AbortSignal) => AsyncIterable<object>;
}

export interface Handlers {
  readonly unary?: Readonly<Record<string, (request: never) => object | Promise<object>>>;
  readonly streams?: Readonly<
    Record<string, (request: never, signal: AbortSignal) => AsyncIterable<object>>
  >;
}

/** All methods of a service by path, with the handlers of those that are offered. */
export function methodsOf(service: ServiceDescription, handlers: Handlers = {}): Method[] {
  const names = new Set(service.methods.map(({ name }) => name));
  const unknown = [...Object.keys(handlers.unary ?? {}), ...Object.keys(handlers.streams ?? {})];
  const wrong = unknown.find((name) => !names.has(name));
  if (wrong !== undefined) throw new Error(`${service.typeName} has no method ${wrong}`);
  return service.methods.map(({ name, I, O }) => {
    const unary = handlers.unary?.[name];
    const stream = handlers.streams?.[name];
    return {
      path: `/${service.typeName}/${name}`,
      input: I as Codec,
      output: O as Codec,
      ...(unary ? { unary } : {}),
      ...(stream ? { stream } : {}),
    };
  });
}

export interface StatusLine {
  readonly code: Code | 0;
  readonly message: string;
}
