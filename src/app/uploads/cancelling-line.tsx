import type { Paid } from '../../flows/store/types.ts';
import type { MessageKey } from '../../presentation/messages.ts';
import { SlowChain } from '../parts/slow-chain.tsx';
import { useWords } from '../words.tsx';

/** From the press on Cancel until it is known what became of it: the chain may take long to tell. */
export function CancellingLine({ paid }: { paid: Paid }) {
  const { say } = useWords();
  return (
    <div role="status" data-cancelling={paid}>
      <p>{say(`cancelling.${paid}` satisfies MessageKey)}</p>
      <SlowChain />
    </div>
  );
}
