/** What Chromium has beyond the standard: the permission of a file that was chosen another day. */
interface PermittedHandle {
  queryPermission?(o: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(o: { mode: 'read' }): Promise<PermissionState>;
}

/** @param ask whether the browser may ask the person; only in a window, and right after a click */
export async function mayRead(handle: FileSystemFileHandle, ask: boolean): Promise<boolean> {
  const permitted = handle as FileSystemFileHandle & PermittedHandle;
  let state = (await permitted.queryPermission?.({ mode: 'read' })) ?? 'granted';
  if (state === 'prompt' && ask)
    state = (await permitted.requestPermission?.({ mode: 'read' })) ?? state;
  return state === 'granted';
}
