import { confirm } from './confirmation.ts';
import type { Mode, NodeCore } from './core.ts';
import { NodeError } from './errors.ts';
import { getMetadata, getSliver, metadataStatus, sliverStatus } from './get-data.ts';
import { attestInconsistency } from './inconsistency.ts';
import { putMetadata } from './put-metadata.ts';
import { putSliver } from './put-sliver.ts';
import { success, textReply } from './reply.ts';
import { flagOf, numberOf, type Route } from './route.ts';
import { decodingSymbols, recoverySymbols } from './symbols.ts';

const API_TEXT = 'The routes of this node are those of a Walrus storage node.\n';

/** What differs between two nodes with the same core. */
export interface HandleState {
  symbolRequests: number;
}

/**
 * Answers a request whose route is known.
 *
 * @throws NodeError, FrameworkError
 */
export async function handleRoute(
  core: NodeCore,
  state: HandleState,
  request: Request,
  route: Route,
  mode: Mode,
): Promise<Response> {
  const isPut = request.method === 'PUT';
  switch (route.name) {
    case 'metadata': {
      const { blobId, query } = route;
      if (!isPut) return getMetadata(core, blobId);
      const pending = flagOf(query, 'pending');
      return putMetadata(core, { request, blobId, pending }, mode);
    }
    case 'metadataStatus':
      return metadataStatus(core, route.blobId);
    case 'sliver': {
      if (!isPut) return getSliver(core, route, mode);
      const pending = flagOf(route.query, 'pending');
      const { blobId, pair, axis } = route;
      return putSliver(core, { request, blobId, pair, axis, pending }, mode);
    }
    case 'sliverStatus':
      return sliverStatus(core, route, mode);
    case 'confirmation': {
      const { query, name: _, ...rest } = route;
      const millis = numberOf(query, 'wait_millis') ?? core.settings.longPollMs;
      const waitMs = flagOf(query, 'wait_for_registration') ? millis : 0;
      return confirm(core, { ...rest, waitMs }, mode);
    }
    case 'status':
      return success(core.registry.status(route.blobId));
    case 'symbols':
      return withSymbolPlace(core, state, () =>
        route.kind === 'recovery'
          ? recoverySymbols(core, route.blobId, route.query)
          : decodingSymbols(core, route.blobId, route.query),
      );
    case 'inconsistency':
      return attestInconsistency(core, request, route);
    case 'api':
      return textReply(200, API_TEXT);
    case 'health':
      throw new NodeError('INTERNAL_ERROR'); // answered by the node itself
  }
}

async function withSymbolPlace(
  core: NodeCore,
  state: HandleState,
  work: () => Promise<Response>,
): Promise<Response> {
  if (state.symbolRequests >= core.settings.symbolRequests) throw new NodeError('UNAVAILABLE');
  state.symbolRequests += 1;
  try {
    return await work();
  } finally {
    state.symbolRequests -= 1;
  }
}
