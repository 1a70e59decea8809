import { useCallback } from 'react';
import { useLocation } from 'wouter';
import { readPasted } from '../../flows/read/read-pasted.ts';
import { arrival, openedPlace, PLACES } from '../routes.ts';
import { keepReceipt } from './kept-receipt.ts';

/**
 * Opens what a text names.
 *
 * @returns a function that gives what is wrong with a text, or undefined
 */
export function useOpen(): (text: string) => unknown {
  const [, go] = useLocation();
  return useCallback(
    (text) => {
      const pasted = readPasted(text);
      switch (pasted.kind) {
        case 'blob':
          go(openedPlace(pasted.blobId));
          return undefined;
        case 'object':
          go(openedPlace(pasted.objectId));
          return undefined;
        case 'receipt':
          keepReceipt(pasted.text);
          go(PLACES.receipt, { state: arrival('heading') });
          return undefined;
        case 'malformed':
          return pasted.error;
        case 'none':
          return undefined;
      }
    },
    [go],
  );
}
