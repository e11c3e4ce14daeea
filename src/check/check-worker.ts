import { setTimeout as laterCallbacks } from 'node:timers/promises';
import { closestMatch } from '../../env/closest.ts';
import { checkEnv, type Report } from '../../env/conformance/index.ts';
import { placeOf } from '../../env/guard/thrown.ts';
import { type EnvSpec, parseOptions } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { type Reply, serveWorker } from '../common/serve-worker.ts';
import { cellPlugins, findCell } from '../plugins/cells.ts';
import type { PluginKind } from '../plugins/kind.ts';
import { findPathway, pathways } from '../plugins/pathways.ts';
import { readReference } from '../plugins/reference.ts';
import { findWorld, worlds } from '../plugins/worlds.ts';
import { checkCell } from './check-cell.ts';
import { checkPathway } from './check-pathway.ts';

/** What the thread checks. */
export interface CheckTask {
  /** A world, a pathway or a cell: an id, a file or `some-package#Name`. */
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
    const kind = await kindOf(named);
    requireOptionsOf(kind, named, { envOption, set });
    const report = await {
      world: async () => checkWorld((await findWorld(named)).spec, envOption, emit),
      pathway: () => checkOnePathway(named, set, emit),
      cell: async () => checkCell((await findCell(named)).spec, emit),
    }[kind]();
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

type Kind = PluginKind<never>['noun'];

/** By the id, or by what the module exports. */
async function kindOf(named: string): Promise<Kind> {
  const reference = readReference(named);
  if (!reference) {
    // The closest name, so that a mistyped pathway is not called a world.
    const kinds = [worlds, pathways, cellPlugins];
    const ids = kinds.flatMap((kind) => kind.specs().map(({ id }) => id));
    const meant = closestMatch(named, ids);
    return kinds.find((kind) => kind.specs().some(({ id }) => id === meant))?.noun ?? 'world';
  }
  const { importPlugin } = await import('../plugins/load.ts');
  const exports = (await importPlugin(named, process.cwd())) ?? {};
  const { name = 'default' } = reference;
  const all = Object.values(exports);
  const chosen = Object(exports[name] ?? all.find((one) => Object(one).id === name) ?? all[0]);
  // A world's spec has options for its resets.
  if ('create' in chosen) return 'resetOptions' in chosen ? 'world' : 'pathway';
  return 'apply' in chosen || 'parameters' in chosen ? 'cell' : 'world';
}

/** @throws UsageError for options of another kind */
function requireOptionsOf(
  kind: Kind,
  named: string,
  { envOption, set }: Omit<CheckTask, 'named'>,
): void {
  const given = { '--env-option': envOption, '--set': set };
  const own = { world: '--env-option', pathway: '--set', cell: undefined }[kind];
  const wrong = Object.entries(given).find(([flag, values]) => values && flag !== own)?.[0];
  if (wrong === undefined) return;
  const advice = own ? `: give its options with ${own}, not` : ', which has no options: leave out';
  throw new UsageError(`${named} is a ${kind}${advice} ${wrong}`);
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
