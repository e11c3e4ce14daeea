import { setTimeout as laterCallbacks } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { checkEnv, type Report } from '../../env/conformance/index.ts';
import { type ErrorMessage, errorMessage } from '../common/error-message.ts';
import { findWorld } from '../plugins/source.ts';

/** What the thread is to check. */
export interface CheckTask {
  /** An id, a file or `some-package#World`. */
  readonly world: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What it says: the rule that it judges next, and last the report, or why there is none. */
export type CheckNews =
  | { readonly rule: string }
  | { readonly report: Report }
  | { readonly complaint: ErrorMessage };

const port = parentPort!;

async function check({ world, options }: CheckTask): Promise<CheckNews> {
  const { spec } = await findWorld(world);
  const chosen = Object.keys(options).length > 0;
  // A mistake in what was asked for is no broken rule.
  if (chosen) refuseMistakes(() => spec.create(options).close());
  const settings = { ...(chosen && { options }), onRule: (rule: string) => tell({ rule }) };
  const report = checkEnv(spec, settings);
  // What the world has put off throws now, before it is called sound.
  await laterCallbacks();
  return { report };
}

function refuseMistakes(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (error instanceof Error && error.name === 'OptionError') throw error;
  }
}

function tell(news: CheckNews): void {
  port.postMessage(news);
}

try {
  tell(await check(workerData as CheckTask));
} catch (error) {
  tell({ complaint: errorMessage(error) });
}
