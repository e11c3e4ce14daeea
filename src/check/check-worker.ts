import { setTimeout as laterCallbacks } from 'node:timers/promises';
import { closestMatch } from '../../env/closest.ts';
import { checkEnv, type Report } from '../../env/conformance/index.ts';
import { placeOf } from '../../env/guard/thrown.ts';
import { type EnvSpec, parseOptions } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { type Reply, serveWorker } from '../common/serve-worker.ts';
import { findPathway, pathways } from '../plugins/pathways.ts';
import { readReference } from '../plugins/reference.ts';
import { findWorld, worlds } from '../plugins/worlds.ts';
import { checkPathway } from './check-pathway.ts';

/** What the thread checks. */
export interface CheckTask {
  /** A world or a pathway: an id, a file or `some-package#Name`. */
  readonly named: string;
  /** Options of a world. */
  readonly envOption?: Chosen | undefined;
  /** Options of a pathway. */
  readonly set?: Chosen | undefined;
}

type Chosen = Readonly<Record<string, unknown>>;

const handlers = {
  /** Emits each rule before it is judged. */
  async check({ named, envOption, set }: CheckTask, { emit }: Reply<string>): Promise<Report> {
    const isOfPathway = await isPathway(named);
    if (isOfPathway && envOption) {
      throw new UsageError(`${named} is a pathway: give its options with --set, not --env-option`);
    }
    if (!isOfPathway && set) {
      throw new UsageError(`${named} is a world: give its options with --env-option, not --set`);
    }
    const report = isOfPathway
      ? await checkOnePathway(named, set, emit)
      : checkWorld((await findWorld(named)).spec, envOption, emit);
    // Callbacks that it has put off throw now, before it is called sound.
    await laterCallbacks();
    return report;
  },
};

function checkWorld(spec: EnvSpec, options: Chosen = {}, onRule: (rule: string) => void): Report {
  const chosen = Object.keys(options).length > 0;
  // A mistake in the options breaks no rule.
  if (chosen) refuseMistakes(() => spec.create(options).close());
  return checkEnv(spec, { ...(chosen && { options }), onRule });
}

async function checkOnePathway(
  named: string,
  options: Chosen = {},
  onRule: (rule: string) => void,
): Promise<Report> {
  const { spec } = await findPathway(named);
  parseOptions(spec.id, spec.options, options);
  return checkPathway(spec, options, onRule);
}

/** By the id, or by what the module exports: a spec of a world has options for its resets. */
async function isPathway(named: string): Promise<boolean> {
  const reference = readReference(named);
  if (!reference) {
    const ids = [...worlds.specs(), ...pathways.specs()].map(({ id }) => id);
    const meant = closestMatch(named, ids); // so that a mistyped pathway is not called a world
    return pathways.specs().some(({ id }) => id === meant);
  }
  const { importPlugin } = await import('../plugins/load.ts');
  const exports = (await importPlugin(named, process.cwd())) ?? {};
  const { name = 'default' } = reference;
  const all = Object.values(exports);
  const chosen = exports[name] ?? all.find((one) => Object(one).id === name) ?? all[0];
  return 'create' in Object(chosen) && !('resetOptions' in Object(chosen));
}

export type CheckHandlers = typeof handlers;

function refuseMistakes(make: () => void): void {
  try {
    make();
  } catch (error) {
    if (error instanceof Error && error.name === 'OptionError') throw error;
  }
}

// A thread that ends takes its last messages with it, so nobody would know which rule was judged.
const { exit } = process;
process.exit = (code): never => {
  const error = new Error(`it calls process.exit(${code ?? ''})`);
  if (placeOf(error) === '') return exit(code); // Node itself does
  throw error;
};

serveWorker(handlers);
