type Properties<K extends keyof HTMLElementTagNameMap> = Omit<
  Partial<HTMLElementTagNameMap[K]>,
  'style' | 'dataset'
>;

/** Makes an element with its properties and children; text stays text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties<K> | undefined,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Terms and what they are. */
export function termList(rows: readonly (readonly [term: string, value: string])[]): HTMLElement {
  const parts = rows.map(([term, value]) =>
    element(
      'div',
      undefined,
      element('dt', undefined, term),
      element('dd', undefined, element('bdi', undefined, value)),
    ),
  );
  return element('dl', undefined, ...parts);
}

/**
 * A dialog over everything, also over the layers of the page, which must neither take the focus back nor close because
 * of it: they know this attribute.
 */
export function openDialog(title: string, ...children: readonly Node[]): HTMLDialogElement {
  const heading = element('h2', { id: `dev-wallet-title-${dialogs++}` }, title);
  const dialog = element('dialog', { className: 'dev-wallet' }, heading, ...children);
  dialog.setAttribute('aria-labelledby', heading.id);
  dialog.setAttribute('data-react-aria-top-layer', 'true');
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

let dialogs = 0;
