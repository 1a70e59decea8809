import { useWords } from '../words.tsx';
import { NetworkSetting } from './network-setting.tsx';
import { SettingChoice } from './setting-choice.tsx';
import { TipCapSetting } from './tip-cap-setting.tsx';
import { useSetting } from './use-setting.ts';

/** How files are paid for and sent; read when a price is asked for. */
export function StoringSettings() {
  const { say } = useWords();
  const [approvals, setApprovals] = useSetting('approvals');
  const [sending, setSending] = useSetting('sending');
  return (
    <>
      <NetworkSetting />
      <SettingChoice
        label={say('settings.approvals')}
        hint={say('settings.approvalsHint')}
        value={approvals === 'two' ? 'two' : 'one'}
        onChange={(value) => setApprovals(value === 'one' ? undefined : value)}
        options={[
          { value: 'one', label: say('settings.approvalsOne') },
          { value: 'two', label: say('settings.approvalsTwo') },
        ]}
      />
      <SettingChoice
        label={say('settings.sending')}
        hint={say('settings.sendingHint')}
        value={sending === 'nodes' ? 'nodes' : 'auto'}
        onChange={(value) => setSending(value === 'auto' ? undefined : value)}
        options={[
          { value: 'auto', label: say('settings.sendingAuto') },
          { value: 'nodes', label: say('settings.sendingNodes') },
        ]}
      />
      <TipCapSetting />
    </>
  );
}
