import type { EventFields, EventName } from '../../../chain/layouts/events.ts';
import type { Call } from './call.ts';

/** Emits one of the events that storage nodes and explorers follow. */
export function emit<Name extends EventName>(
  call: Call,
  name: Name,
  fields: EventFields<Name>,
): void {
  call.context.emit(`events::${name}`, fields);
}
