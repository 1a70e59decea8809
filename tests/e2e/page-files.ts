import { join } from 'node:path';
import { BlobEncoder } from '@mysten/walrus-wasm';
import { type CDPSession, expect, type Locator, type Page } from '@playwright/test';
import type { Encoder } from '../../src/index.ts';
import { libraryFolder } from '../../src/tooling/paths.mjs';

/** A file that a test gives to the page. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

let official: BlobEncoder | undefined;

let library: Promise<Encoder> | undefined;

/**
 * The blob ID by the built library in this process, at the size of the public networks: a hundred times
 * sooner than by the official encoder, to which it is held by `tests/conformance`.
 */
export async function blobIdOf(bytes: Uint8Array | string): Promise<string> {
  library ??= import(join(libraryFolder, 'index.js')).then(({ createEncoder }) => createEncoder());
  const source = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return (await (await library).computeBlobId(source, { shardCount: 1000 })).blobId;
}

/** The blob ID by the official encoder, at the size of the public networks; takes seconds. */
export function officialBlobId(bytes: Uint8Array): string {
  official ??= new BlobEncoder(1000);
  const [id] = official.compute_metadata(bytes) as [Uint8Array];
  return Buffer.from(id).toString('base64url');
}

/**
 * Replaces the text of a field, key by key: what `fill` does in Firefox sets the value behind the back
 * of React, which no person can do.
 */
export async function typeInto(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.press('ControlOrMeta+a');
  await field.press('Backspace');
  await field.pressSequentially(text);
}

/** Replaces the text of a field at once, as pasting does; for what is too long to be typed. */
export async function pasteInto(field: Locator, text: string): Promise<void> {
  await field.focus();
  await field.press('ControlOrMeta+a');
  await field.evaluate((_, pasted) => document.execCommand('insertText', false, pasted), text);
}

export function textFile(name: string, text: string): TestFile {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/**
 * What a press hands to the browser's downloads. Firefox's driver does not tell of those that a page makes itself, so
 * there the link is looked at that the page follows.
 */
export async function savedFile(
  page: Page,
  press: () => Promise<void>,
): Promise<{ name: string; text: string }> {
  if (page.context().browser()?.browserType().name() !== 'firefox') {
    const saved = page.waitForEvent('download');
    await press();
    const file = await saved;
    const chunks = await (await file.createReadStream()).toArray();
    return { name: file.suggestedFilename(), text: Buffer.concat(chunks).toString() };
  }
  await page.evaluate(() => {
    const made = new Map<string, Blob>();
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      const url = make(blob);
      made.set(url, blob);
      return url;
    };
    HTMLAnchorElement.prototype.click = function () {
      const { href, download: name } = this;
      void made
        .get(href)
        ?.text()
        .then((text) => Object.assign(window, { saved: { name, text } }));
    };
  });
  await press();
  const handle = await page.waitForFunction(() => Reflect.get(window, 'saved'));
  const saved = await handle.jsonValue();
  await page.evaluate(() => Reflect.deleteProperty(window, 'saved'));
  return saved;
}

/** Makes the page use its file inputs: the dialog with handles cannot be driven by a test. */
export async function useFileInputs(page: Page): Promise<void> {
  await page.addInitScript(() => {
    Reflect.deleteProperty(window, 'showOpenFilePicker');
  });
}

/** Drops files that exist in memory, in any browser. */
export async function dropFiles(page: Page, files: readonly TestFile[]): Promise<void> {
  const plain = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    base64: buffer.toString('base64'),
  }));
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, base64 } of list) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: mimeType, lastModified: 1e12 }));
    }
    const event = new DragEvent('drop', {
      dataTransfer: transfer,
      bubbles: true,
      cancelable: true,
    });
    document.body.dispatchEvent(event);
  }, plain);
}

/** Makes files in the page, `count` of them, `bytes` long each, all different; `dropHeld` drops them. */
export async function holdMany(page: Page, count: number, bytes: number): Promise<void> {
  await page.evaluate(
    ([count, bytes]) => {
      const transfer = new DataTransfer();
      const part = new Uint8Array(1 << 20).map((_, at) => at * 7);
      for (let at = 0; at < count; at++) {
        const parts: BlobPart[] = [`${at}`];
        for (let left = bytes - `${at}`.length; left > 0; left -= part.length) {
          parts.push(part.subarray(0, Math.min(left, part.length)));
        }
        transfer.items.add(new File(parts, `file-${at}.bin`, { lastModified: 1e12 }));
      }
      Object.assign(window, { held: transfer });
    },
    [count, bytes] as const,
  );
}

/** Drops what `holdMany` made, in a task of its own, as a real drop is; the second drop comes during the first. */
export async function dropHeld(page: Page, times = 1): Promise<void> {
  await page.evaluate((times) => {
    const { held } = window as unknown as { held: DataTransfer };
    const drop = () =>
      new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true });
    setTimeout(() => {
      for (let at = 0; at < times; at++) document.body.dispatchEvent(drop());
    });
  }, times);
}

/** Makes and drops files. */
export async function dropMany(page: Page, count: number, bytes: number): Promise<void> {
  await holdMany(page, count, bytes);
  await dropHeld(page);
}

/** Drops real files and folders from disk. Chromium only. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
  }
}

/** Waits until no work is left and gives the IDs on the page, by file name, in list order. */
export async function idsOnPage(page: Page): Promise<Record<string, string>> {
  await expect(page.locator('[data-state=settled]')).toBeVisible({ timeout: 45_000 });
  const rows = page.locator('[role=row]');
  await expect(rows.first()).toBeVisible();
  return rows.evaluateAll((elements) =>
    Object.fromEntries(
      elements.map((row) => [
        row.querySelector('bdi')?.getAttribute('title') ?? '',
        row.querySelector('[data-blob-id]')?.getAttribute('data-blob-id') ?? '',
      ]),
    ),
  );
}

/** A photo, a picture, a film and a document, made by the browser at hand. */
export async function mediaFiles(page: Page): Promise<TestFile[]> {
  const media = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 });
    const pen = canvas.getContext('2d');
    const paint = (step: number) => {
      if (pen === null) return;
      for (let x = 0; x < 320; x += 8) {
        pen.fillStyle = `hsl(${190 + x / 8 + step * 9} 60% ${35 + ((x + step * 20) % 40)}%)`;
        pen.fillRect(x, 0, 8, 240);
      }
    };
    paint(0);
    const base64 = async (blob: Blob | null) => {
      const bytes = new Uint8Array((await blob?.arrayBuffer()) ?? new ArrayBuffer(0));
      return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
    };
    const still = (type: string) =>
      new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.9));
    const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm' });
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => {
      recorder.onstop = resolve;
    });
    recorder.start(100);
    for (let step = 0; step < 16; step++) {
      paint(step);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    recorder.stop();
    await stopped;
    return {
      jpeg: await base64(await still('image/jpeg')),
      png: await base64(await still('image/png')),
      webm: await base64(new Blob(parts)),
    };
  });
  const file = (name: string, mimeType: string, base64: string): TestFile => ({
    name,
    mimeType,
    buffer: Buffer.from(base64, 'base64'),
  });
  return [
    file('beach.jpg', 'image/jpeg', media.jpeg),
    file('chart.png', 'image/png', media.png),
    file('crossing.webm', 'video/webm', media.webm),
    { name: 'notes.pdf', mimeType: 'application/pdf', buffer: Buffer.from(PDF) },
  ];
}

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj
4 0 obj<</Length 40>>stream
BT /F 18 Tf 20 50 Td (Hello, Walrus) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
%%EOF
`;
