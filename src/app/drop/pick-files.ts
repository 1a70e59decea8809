import { type Collected, collectFiles, collectHandles } from './collect-drop.ts';

type OpenPicker = (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;

/** A picker that gives handles; only some browsers have it. */
interface Pickers {
  readonly showOpenFilePicker?: OpenPicker;
}

/** Opens the file dialog. Gives undefined if it was closed without a choice. */
export async function pickFiles(o: { multiple: boolean }): Promise<Collected | undefined> {
  const { showOpenFilePicker } = window as Pickers;
  if (showOpenFilePicker === undefined) return pickByInput({ multiple: o.multiple });
  const handles = await orUndefined(showOpenFilePicker.call(window, { multiple: o.multiple }));
  return handles === undefined ? undefined : collectHandles(handles);
}

/** Opens the folder dialog: the one of inputs, because the handle of a folder leaves out files. */
export function pickFolder(): Promise<Collected | undefined> {
  return pickByInput({ folder: true });
}

/** A closed dialog rejects with AbortError. */
async function orUndefined<T>(picked: Promise<T>): Promise<T | undefined> {
  try {
    return await picked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return undefined;
    throw error;
  }
}

function pickByInput(o: { multiple?: boolean; folder?: boolean }): Promise<Collected | undefined> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = o.multiple ?? false;
  input.webkitdirectory = o.folder ?? false;
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve(collectFiles([...(input.files ?? [])])));
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}
