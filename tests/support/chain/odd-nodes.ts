import { RpcError, type RpcTransport } from '@mysten/sui/grpc';

/** A full node behind which another one stands: calls of `change` go elsewhere. */
function through(honest: RpcTransport, change: Partial<RpcTransport>): RpcTransport {
  return {
    mergeOptions: honest.mergeOptions.bind(honest),
    unary: honest.unary.bind(honest),
    serverStreaming: honest.serverStreaming.bind(honest),
    clientStreaming: honest.clientStreaming.bind(honest),
    duplex: honest.duplex.bind(honest),
    ...change,
  };
}

/** A full node that refuses some methods, or all, before anything else happens. */
export function refusing(
  honest: RpcTransport,
  methods: readonly string[] | 'all',
  code: string,
): RpcTransport {
  const demand = (name: string) => {
    if (methods === 'all' || methods.includes(name)) throw new RpcError('refused', code);
  };
  return through(honest, {
    unary(method, input, options) {
      demand(method.name);
      return honest.unary(method, input, options);
    },
    serverStreaming(method, input, options) {
      demand(method.name);
      return honest.serverStreaming(method, input, options);
    },
  });
}

/** A full node that gives so many transactions at a time, from where `move` says. */
export function inPagesOf(
  limit: number,
  honest: RpcTransport,
  move: (page: object) => object = (page) => page,
): RpcTransport {
  return through(honest, {
    serverStreaming(method, input, options) {
      const { options: page } = input as { options: object };
      const cut = { ...input, options: { ...move(page), limit } };
      return honest.serverStreaming(method, cut as typeof input, options);
    },
  });
}

interface Objects {
  readonly objects: { result: { object?: { version?: bigint; objectType?: string } } }[];
}

const isCoin = ({ objectType = '' }: { objectType?: string }) => objectType.includes('::coin::');

/** A full node that says of every coin that it was used. */
export function claimingAllUsed(honest: RpcTransport): RpcTransport {
  return through(honest, {
    unary(method, input, options) {
      const call = honest.unary(method, input, options);
      if (method.name === 'BatchGetObjects') {
        void call.response.then((response) => {
          const { objects } = response as unknown as Objects;
          for (const { result } of objects) {
            const { object } = result;
            if (object?.version !== undefined && isCoin(object)) object.version += 1n;
          }
        });
      }
      return call;
    },
  });
}
