/** The text colour of an element as the four bytes of a canvas pixel, in one number. */
export function readColour(element: Element | undefined): number {
  if (element === undefined) return 0;
  const [red = 0, green = 0, blue = 0] = (
    getComputedStyle(element).color.match(/[\d.]+/g) ?? []
  ).map(Number);
  // Pixels are bytes R, G, B, A; read as one little-endian number they are A, B, G, R.
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Calls back when theme, contrast or forced colours change. */
export function onColourChange(listener: () => void): () => void {
  const queries = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) =>
    window.matchMedia(query),
  );
  for (const query of queries) query.addEventListener('change', listener);
  const theme = new MutationObserver(listener);
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => {
    for (const query of queries) query.removeEventListener('change', listener);
    theme.disconnect();
  };
}
