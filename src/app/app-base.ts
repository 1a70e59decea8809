/** Where the app lies on its host, without a slash at the end. */
export function appBase(): string {
  if (import.meta.env.DEV) return '';
  // Scripts lie in `assets/` of the app, so their address tells where the app is.
  return new URL(/* @vite-ignore */ '..', import.meta.url).pathname.replace(/\/$/, '');
}

/** Address of the app, with a slash at the end. */
export function siteUrl(): string {
  return `${window.location.origin}${appBase()}/`;
}
