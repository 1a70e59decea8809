export type Look = 'system' | 'light' | 'dark';

/** Sets the theme; anything but a fixed look follows the device. */
export function applyLook(setting: string | undefined): void {
  const { dataset } = document.documentElement;
  if (setting === 'light' || setting === 'dark') dataset['theme'] = setting;
  else delete dataset['theme'];
}
