import { useSyncExternalStore } from 'react';
import { useServices } from '../services.ts';
import type { QuoteView } from './quote-desk.ts';

export function useQuote(): QuoteView {
  const { quote } = useServices();
  return useSyncExternalStore(quote.subscribe, quote.view);
}
