import type { PageAgent, PageFile } from './page-file.ts';
import type { HeldFiles } from './posted.ts';

/** An agent that is trained in this browser, as the thread that plays is told of it. */
export interface TrainedAgent {
  readonly world: PageFile['world'];
  /** Its files are in `files`. It has no checkpoint until there is news of one. */
  readonly agent: PageAgent;
  readonly files: HeldFiles;
}
