import { useSyncExternalStore } from 'react';
import { isOnline, onLineChange } from '../doors.ts';

/** Whether the browser knows of a connection. */
export function useOnline(): boolean {
  return useSyncExternalStore(onLineChange, isOnline);
}
