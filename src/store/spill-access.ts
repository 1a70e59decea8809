import { idbReader, idbWriter } from './idb-door.ts';
import { opfsReader, opfsWriter } from './opfs-door.ts';
import type { SpillAccess } from './spill.ts';

/** Opens spill places of either kind in the thread that calls. */
export const spillAccess: SpillAccess = {
  writer: ({ kind, name }, writer) =>
    kind === 'opfs' ? opfsWriter(name, writer) : idbWriter(name, writer),
  reader: ({ kind, name }) => (kind === 'opfs' ? opfsReader(name) : idbReader(name)),
};
