import { setTimeout as laterCallbacks } from 'node:timers/promises';
import { checkEnv, type Report } from '../../env/conformance/index.ts';
import { type Reply, serveWorker } from '../common/serve-worker.ts';
import { findWorld } from '../plugins/worlds.ts';

/** What the thread checks. */
export interface CheckTask {
  /** An id, a file or `some-package#World`. */
  readonly world: string;
  readonly options: Readonly<Record<string, unknown>>;
}

const handlers = {
  /** Emits each rule before it is judged. */
  async check({ world, options }: CheckTask, { emit }: Reply<string>): Promise<Report> {
    const { spec } = await findWorld(world);
    const chosen = Object.keys(options).length > 0;
    // A mistake in the options breaks no rule.
    if (chosen) refuseMistakes(() => spec.create(options).close());
    const report = checkEnv(spec, { ...(chosen && { options }), onRule: emit });
    // Callbacks that the world has put off throw now, before it is called sound.
    await laterCallbacks();
    return report;
  },
};

export type CheckHandlers = typeof handlers;

function refuseMistakes(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (error instanceof Error && error.name === 'OptionError') throw error;
  }
}

serveWorker(handlers);
