import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useHistoryState } from 'wouter/use-browser-location';
import type { CompareView } from '../../flows/compare-flow.ts';
import type { Collected } from '../drop/collect-drop.ts';
import { OpenTabs } from '../open/open-tabs.tsx';
import { classesOf } from '../parts/classes.ts';
import { focusOf } from '../routes.ts';
import { useServices } from '../services.ts';
import { useWords } from '../words.tsx';
import css from './compare-place.module.css';
import { FileField } from './file-field.tsx';
import { IdField } from './id-field.tsx';
import { Verdict } from './verdict.tsx';

const c = classesOf(css);

/** Is this file that blob? */
export function ComparePlace() {
  const { compare, drops, live } = useServices();
  const { say } = useWords();
  const view = useSyncExternalStore(compare.subscribe, compare.view);

  const [isOneOfSeveral, setOneOfSeveral] = useState(false);
  const take = useCallback(
    async (collected: Collected) => {
      for await (const [first, second] of collected.batches) {
        if (first === undefined) continue;
        const several = collected.itemCount > 1 || second !== undefined;
        setOneOfSeveral(several);
        if (several) live.say(say('verify.onlyOne'));
        void compare.setFile(first.file);
        return; // one file is compared; the others are left alone
      }
    },
    [compare, live, say],
  );
  useEffect(() => drops.receive((collected) => void take(collected)), [drops, take]);

  useEffect(() => {
    const named = new URLSearchParams(window.location.search).get('id');
    if (named !== null) compare.setText(named);
  }, [compare]);

  const heading = useRef<HTMLHeadingElement>(null);
  const state: unknown = useHistoryState();
  useEffect(() => {
    if (focusOf(state) === 'heading') heading.current?.focus({ preventScroll: true });
  }, [state]);

  const { isSame } = view;
  const before = useRef(isSame);
  useEffect(() => {
    if (isSame !== undefined && isSame !== before.current) {
      live.say(say(isSame ? 'verify.liveMatch' : 'verify.liveMismatch'));
    }
    before.current = isSame;
  }, [isSame, live, say]);

  return (
    <>
      <OpenTabs />
      <div className={c('place')} data-state={stateOf(view)}>
        <div className={c('intro')}>
          <h1 ref={heading} tabIndex={-1}>
            {say('verify.title')}
          </h1>
          <p className={c('lead')}>{say('verify.lead')}</p>
        </div>
        <IdField view={view} />
        <FileField view={view} isOneOfSeveral={isOneOfSeveral} onTake={take} />
        <Verdict view={view} />
      </div>
    </>
  );
}

function stateOf({ pasted, compared, isSame }: CompareView): string {
  if (isSame !== undefined) return isSame ? 'match' : 'mismatch';
  if (compared.kind === 'working' || compared.kind === 'failed') return compared.kind;
  return pasted.kind === 'malformed' ? 'malformed' : 'empty';
}
