import type { SimConfig } from './config.ts';
import type { CommitWatch } from './life.ts';
import type { Client } from './session.ts';
import type { Machine, World } from './world.ts';

/** What is to happen in a world, and how to see whether it went well. */
export interface Scene {
  readonly client: Client;
  /** after every step; looks at the world, not at what the client says. @throws Violation */
  check(): void;
  /** at each commit of a page, after it */
  readonly onCommit?: CommitWatch;
  isDone(): boolean;
  /** at the end, when all is quiet. @throws Violation */
  audit(): Promise<void>;
}

export interface Story {
  begin(world: World): Promise<Scene>;
  /** what a seed stands for, where that is not `drawConfig` */
  draw?(seed: string): SimConfig;
  /** the network that is there before the run begins, where that is not a new one */
  machine?(config: SimConfig): Promise<Machine>;
}
