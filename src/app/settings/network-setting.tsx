import { reloadPage } from '../doors.ts';
import { Action } from '../parts/action.tsx';
import { useServices } from '../services.ts';
import { NETWORK_NAMES } from '../shell/network-chip.tsx';
import { useWords } from '../words.tsx';
import { SettingChoice } from './setting-choice.tsx';
import { useSetting } from './use-setting.ts';

const PUBLIC = ['mainnet', 'testnet'] as const;

/** Which network the page works on; whoever serves it for a local one has chosen that. */
export function NetworkSetting() {
  const { say } = useWords();
  const { name } = useServices().network;
  const [wish, setWish] = useSetting('network');
  if (name === 'localnet') {
    return (
      <div className="card" data-on={name}>
        <h2>{say('settings.network')}</h2>
        <p>{say(NETWORK_NAMES[name])}</p>
        <p className="hint">{say('settings.networkFixed')}</p>
      </div>
    );
  }
  const chosen = PUBLIC.find((each) => each === wish) ?? name;
  return (
    <div data-on={name}>
      <SettingChoice
        label={say('settings.network')}
        hint={say('settings.networkHint')}
        value={chosen}
        onChange={setWish}
        options={PUBLIC.map((value) => ({ value, label: say(NETWORK_NAMES[value]) }))}
      />
      {chosen !== name && (
        <p role="status">
          <Action kind="primary" onPress={reloadPage}>
            {say('settings.networkLoad', { network: say(NETWORK_NAMES[chosen]) })}
          </Action>
        </p>
      )}
    </div>
  );
}
