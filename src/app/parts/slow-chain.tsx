import { useWords } from '../words.tsx';
import { useAfter } from './use-after.ts';

const SLOW_MS = 10_000;

/** Under what waits for an answer of the chain: why nothing happens, once that takes longer than usual. */
export function SlowChain() {
  const { say } = useWords();
  const isSlow = useAfter(SLOW_MS);
  return (
    isSlow && (
      <p className="hint" data-slow="chain">
        {say('chain.slow')}
      </p>
    )
  );
}
