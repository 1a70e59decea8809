import { onSetting, settingNow } from './use-setting.ts';

/** Sets the theme now and at each change of the setting; anything but a fixed look follows the device. */
export function followLook(): void {
  apply(settingNow('look'));
  onSetting(() => apply(settingNow('look')));
}

function apply(setting: string | undefined): void {
  const { dataset } = document.documentElement;
  if (setting === 'light' || setting === 'dark') dataset['theme'] = setting;
  else delete dataset['theme'];
}
