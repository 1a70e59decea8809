import { useCallback, useEffect, useState } from 'react';
import type { Collected } from '../drop/collect-drop.ts';
import { pickFiles } from '../drop/pick-files.ts';
import { useServices } from '../services.ts';
import { readQrFile } from './read-qr-file.ts';

/** A receipt is shorter. */
const MOST_TEXT = 1e6;

/**
 * Files that name something: receipts, and pictures of QR codes. They are chosen, or dropped anywhere on the page.
 *
 * @param take gets the text of the receipt, or of the code
 */
export function useOpenedFile(take: (text: string) => void) {
  const { drops } = useServices();
  const [isUnread, setUnread] = useState(false);
  const receive = useCallback(
    async (collected: Collected) => {
      for await (const [first] of collected.batches) {
        if (first === undefined) continue;
        const text = await textIn(first.file);
        setUnread(text === undefined);
        if (text !== undefined) take(text);
        return; // one thing is opened
      }
    },
    [take],
  );
  useEffect(() => drops.receive((collected) => void receive(collected)), [drops, receive]);
  const choose = async () => {
    const collected = await pickFiles({ multiple: false });
    if (collected !== undefined) await receive(collected);
  };
  return { isUnread, choose };
}

async function textIn(file: File): Promise<string | undefined> {
  if (file.type.startsWith('image/')) return readQrFile(file);
  if (file.size > MOST_TEXT) return undefined;
  const text = await file.text().catch(() => '');
  return text.trim() === '' ? undefined : text;
}
