/**
 * Waits for Ctrl+C, or for the end of whoever started this; then closes everything and ends. A second Ctrl+C does not
 * wait.
 *
 * @param {() => Promise<void>} close
 * @param {() => void} tell says that all is ready; whoever hears that may end it at once
 */
export async function untilStopped(close, tell) {
  const keepAlive = setInterval(() => {}, 1 << 30);
  await new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
    tell();
  });
  process.once('SIGINT', () => process.exit(1));
  clearInterval(keepAlive);
  await close();
  process.exit();
}
