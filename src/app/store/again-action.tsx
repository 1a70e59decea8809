import { isStale, type QueueItem, reopenerOf } from '../../flows/prepare-item.ts';
import { isHauloutError } from '../../protocol/errors.ts';
import { pickFiles } from '../drop/pick-files.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './row-actions.module.css';

const c = classesOf(css);

/** The way on after trouble: the file on disk as it is now, another choice, or the same again. */
export function AgainAction(props: { item: QueueItem; label: string }) {
  const { item, label } = props;
  const { say } = useWords();
  const { queue } = useServices();
  const { error, id } = item;
  if (isHauloutError(error, 'blob-too-large')) {
    return (
      <>
        <p className={c('advice')}>{label}</p>
        <Action onPress={() => queue.remove([id])}>{say('row.remove')}</Action>
      </>
    );
  }
  if (!isStale(error) || reopenerOf(item) !== undefined) {
    return <Action onPress={() => void queue.retry([id])}>{label}</Action>;
  }
  // The browser gave no way to open the file again by itself.
  const chooseAgain = async () => {
    const picked = await pickFiles({ multiple: false });
    if (picked === undefined) return;
    for await (const [first] of picked.batches) {
      if (first !== undefined) queue.replace(id, first.file);
    }
  };
  return <Action onPress={() => void chooseAgain()}>{say('row.chooseAgain')}</Action>;
}
