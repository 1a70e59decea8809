import type { Clock } from '../../protocol/ports.ts';
import { persistence } from '../../store/persistence.ts';
import type { SourceCopies } from '../../store/source-door.ts';
import type { Sources } from './ports.ts';
import { asBlob } from './source.ts';
import type { StoreSource } from './types.ts';

/** What a browser offers to an origin beyond its database. */
export interface StorageDoors {
  /** `freeStorageBytes` of the door */
  freeBytes(): Promise<number | undefined>;
  /** `roomFor` of the door; absent where that cannot be tried */
  roomFor?(bytes: number): Promise<number>;
  /** `persistStorage` of the door */
  persist(): Promise<boolean | undefined>;
  /** private files; absent where there are none */
  readonly copies?: SourceCopies | undefined;
  /** the file behind a handle */
  fileOf(handle: FileSystemFileHandle): Promise<File | undefined>;
}

export function makeSources(doors: StorageDoors, clock: Clock): Sources {
  const { copies } = doors;
  return {
    async copy(blobId, source, signal) {
      const blob = asBlob(source);
      const freeBytes = await doors.freeBytes().catch(() => undefined);
      // Half of the room is for slivers, and for what is written down while it is paid.
      if (copies === undefined || (freeBytes !== undefined && freeBytes / 2 < blob.size)) {
        return undefined;
      }
      try {
        await copies.copy(blobId, blob, signal);
        return { kind: 'copy' };
      } catch {
        return undefined; // the upload goes on without
      }
    },
    async open(blobId, kept): Promise<StoreSource | undefined> {
      switch (kept.kind) {
        case 'bytes':
          return kept.bytes as Uint8Array<ArrayBuffer>;
        case 'copy':
          return copies?.open(blobId).catch(() => undefined);
        case 'handle':
          return doors.fileOf(kept.handle as FileSystemFileHandle);
      }
    },
    async forget(blobId) {
      await copies?.remove(blobId).catch(() => undefined); // what is kept too long loses nothing
    },
    persist: () => persistence({ clock, ask: () => doors.persist() }),
  };
}
