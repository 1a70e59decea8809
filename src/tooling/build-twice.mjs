/** Builds everything once more elsewhere and compares it with `dist`: the same sources must give the same bytes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './build-app.mjs';
import { buildLibrary } from './build-library.mjs';
import { filesBelow, sha256 } from './file-list.mjs';
import { libraryFolder, root, siteFolder } from './paths.mjs';

/** @param {string} folder */
const hashes = (folder) =>
  filesBelow(folder).map((path) => `${path} ${sha256(readFileSync(join(folder, path)))}`);

/**
 * @param {string} first
 * @param {string} second
 */
function differences(first, second) {
  const [a, b] = [new Set(hashes(first)), new Set(hashes(second))];
  return [...a, ...b].filter((line) => a.has(line) !== b.has(line));
}

const again = join(root, '.cache/again');
await buildApp(join(again, 'app'));
await buildLibrary(join(again, 'lib'));
const different = [
  ...differences(siteFolder, join(again, 'app')),
  ...differences(libraryFolder, join(again, 'lib')),
];
if (different.length > 0) {
  console.log(`These files differ from build to build:\n${different.join('\n')}`);
  process.exitCode = 1;
}
