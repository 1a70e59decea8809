import { drawConfig } from './config.ts';
import { putStory } from './put-story.ts';
import { run } from './run.ts';

export { drawConfig, putStory, run };
