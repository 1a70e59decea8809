import { mayRead } from '../../store/may-read.ts';

/** Lets the browser ask for files that were chosen another day. Call it in a click: only then it may. */
export async function permitHandles(handles: readonly FileSystemFileHandle[]): Promise<void> {
  for (const handle of handles) await mayRead(handle, true).catch(() => false);
}
