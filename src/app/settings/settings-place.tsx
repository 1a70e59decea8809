import { useSyncExternalStore } from 'react';
import { Switch } from 'react-aria-components';
import { isInvented } from '../../presentation/languages.ts';
import { offlineState, onOfflineState } from '../offline.ts';
import type { Option } from '../parts/choice.tsx';
import { classesOf } from '../parts/classes.ts';
import { languageFor, useWords } from '../words.tsx';
import { SettingChoice } from './setting-choice.tsx';
import css from './settings-place.module.css';
import { StoringSettings } from './storing-settings.tsx';
import { ThisBrowser } from './this-browser.tsx';
import { useSetting } from './use-setting.ts';

const c = classesOf(css);
const SYSTEM = 'system';

/** How the page looks and behaves; kept in this browser. */
export function SettingsPlace() {
  const { say, formats, language } = useWords();
  const [look, setLook] = useSetting('look');
  const [chosen, setLanguage] = useSetting('language');
  const [keys, setKeys] = useSetting('keys');
  const offline = useSyncExternalStore(onOfflineState, offlineState);
  const languages: Option<string>[] = [
    {
      value: SYSTEM,
      label: say('settings.languageSystem', {
        name: formats.languageName(languageFor(undefined)),
      }),
    },
    { value: 'en', label: say('settings.languageEn') },
  ];
  // The invented languages show up only for those who already use one.
  if (isInvented(language)) {
    languages.push(
      { value: 'en-XA', label: say('settings.languageLong') },
      { value: 'ar-XB', label: say('settings.languageMirror') },
    );
  }
  return (
    <div className={c('place')}>
      <h1 tabIndex={-1}>{say('settings.title')}</h1>
      <SettingChoice
        label={say('settings.look')}
        value={look ?? SYSTEM}
        onChange={(value) => setLook(value === SYSTEM ? undefined : value)}
        options={[
          { value: SYSTEM, label: say('settings.system') },
          { value: 'light', label: say('settings.light') },
          { value: 'dark', label: say('settings.dark') },
        ]}
      />
      <SettingChoice
        label={say('settings.language')}
        value={chosen ?? SYSTEM}
        onChange={(value) => setLanguage(value === SYSTEM ? undefined : value)}
        options={languages}
      />
      <div className="card">
        <Switch
          className={c('switch')}
          isSelected={keys !== 'off'}
          onChange={(on) => setKeys(on ? undefined : 'off')}
        >
          <span className={c('knob')} aria-hidden="true" />
          {say('settings.keys')}
        </Switch>
        <p className="hint">{say('settings.keysHint')}</p>
      </div>
      {offline !== 'unknown' && (
        <div className="card">
          <h2>{say('settings.offline')}</h2>
          <p data-offline={offline}>
            {say(offline === 'ready' ? 'app.worksOffline' : 'app.needsConnection')}
          </p>
        </div>
      )}
      <StoringSettings />
      <ThisBrowser />
      <p className="hint">{say('settings.kept')}</p>
    </div>
  );
}
