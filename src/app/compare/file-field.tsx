import type { CompareView } from '../../flows/compare-flow.ts';
import { visibleName } from '../../presentation/names.ts';
import type { Collected } from '../drop/collect-drop.ts';
import { pickFiles } from '../drop/pick-files.ts';
import { Action } from '../parts/action.tsx';
import { classesOf } from '../parts/classes.ts';
import { FileName } from '../parts/file-name.tsx';
import { ProgressLine } from '../parts/progress-line.tsx';
import { TroubleCard } from '../parts/trouble-card.tsx';
import { useKeptFocus } from '../parts/use-kept-focus.ts';
import { useServices } from '../services.ts';
import { Thumbnail } from '../store/thumbnail.tsx';
import { useWords } from '../words.tsx';
import css from './compare-place.module.css';

const c = classesOf(css);

interface FileFieldProps {
  readonly view: CompareView;
  /** whether others came with the file and were left out */
  readonly isOneOfSeveral: boolean;
  readonly onTake: (collected: Collected) => Promise<void>;
}

/** The file to compare, and how far its ID is computed. */
export function FileField({ view, isOneOfSeveral, onTake }: FileFieldProps) {
  const { say, formats } = useWords();
  const { compare } = useServices();
  const { compared } = view;
  const keepFocus = useKeptFocus();
  const choose = async () => {
    const collected = await pickFiles({ multiple: false });
    if (collected !== undefined) await onTake(collected);
  };
  const isEmpty = compared.kind === 'none';
  return (
    <section className="card field" aria-label={say('verify.fileLabel')} onFocus={keepFocus}>
      <h2 className="label">{say('verify.fileLabel')}</h2>
      {!isEmpty && (
        <div className={c('file')}>
          <Thumbnail file={compared.file} />
          <div className={c('what')}>
            <FileName name={compared.file.name} />
            <p className="hint numeric">{formats.bytes(compared.file.size)}</p>
          </div>
        </div>
      )}
      {!isEmpty && isOneOfSeveral && <p className="hint">{say('verify.onlyOne')}</p>}
      {compared.kind === 'working' && <Working view={view} />}
      {compared.kind === 'failed' && (
        <TroubleCard
          error={compared.error}
          name={compared.file.name}
          action={(label) => (
            <Action onPress={() => void compare.setFile(compared.file)}>{label}</Action>
          )}
        />
      )}
      <div className={c('choose')}>
        <Action kind={isEmpty ? 'primary' : 'secondary'} onPress={() => void choose()}>
          {say(isEmpty ? 'verify.choose' : 'verify.chooseOther')}
        </Action>
        {isEmpty && <span className="hint">{say('verify.drop')}</span>}
      </div>
    </section>
  );
}

function Working({ view: { compared } }: { view: CompareView }) {
  const { say, formats } = useWords();
  const { compare } = useServices();
  if (compared.kind !== 'working') return null;
  const { progress, file } = compared;
  const share = progress === undefined ? 0 : progress.bytesDone / Math.max(1, progress.bytesTotal);
  return (
    <div className={c('working')}>
      <ProgressLine
        label={say('verify.progress', { name: visibleName(file.name) })}
        share={share}
        text={formats.percent(share)}
      />
      <span className="numeric">{formats.percent(share)}</span>
      <Action kind="quiet" onPress={() => compare.stop()}>
        {say('verify.stop')}
      </Action>
    </div>
  );
}
