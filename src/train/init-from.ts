import type { AgentConfig, WorldShape } from '../../agent/config.ts';
import type { ParameterLayout } from '../../agent/parameters.ts';
import { programsFor } from '../../agent/programs.ts';
import { Failure, UsageError } from '../common/errors.ts';
import { knownPathway } from '../plugins/known-pathway.ts';
import { joinTensors, onlyParameters, parameterName } from '../run/agent-parameters.ts';
import { descriptionOf } from '../run/description.ts';
import { openRun } from '../run/folder.ts';
import { loadRecord } from '../run/load-checkpoint.ts';
import type { NamedTensors } from '../run/safetensors.ts';
import type { TrainSettings } from '../run/train-settings.ts';

/** Where a training takes its first parameters from. */
export type InitialAgent = NonNullable<TrainSettings['initFrom']>;

/** Parameters to begin with, float32 [P], and where they are from. */
export interface InitialParameters {
  readonly parameters: Float32Array;
  readonly initFrom: InitialAgent;
}

/**
 * Reads the last checkpoint of a run for another training to begin with. It runs no code of that run's world or pathway.
 * @param path the run that was trained before
 * @throws UsageError where that agent has another pathway or network, or its world another shape
 */
export function readInitialParameters(
  path: string,
  config: AgentConfig,
  world: WorldShape,
): InitialParameters {
  const run = openRun(path);
  const { settings: source, world: sourceWorld } = descriptionOf(run);
  if (source.config.pathway !== config.pathway) {
    throw new UsageError(
      `the agent of ${path} is ${source.config.pathway}, not ${config.pathway}: give --agent ${source.config.pathway}, or start from another run`,
    );
  }
  for (const [name, size] of Object.entries(sourceWorld)) {
    const here = world[name as keyof WorldShape];
    if (here === size) continue;
    throw new UsageError(
      `${path} was trained in a ${source.env.id} whose ${name} is ${size}, and here it is ${here}: an agent fits only worlds of one shape`,
    );
  }
  const { layout } = programsFor({ config, world }).network;
  const { tensors, frames, tensorsHash: sha256 } = loadRecord(run, 'last');
  requireFit(path, onlyParameters(tensors), layout, source.config, config);
  const parameters = joinTensors(tensors, layout, parameterName);
  return { parameters, initFrom: { run: path, frames, sha256 } };
}

/** The same for a run that was started so and has no checkpoint yet. @throws Failure where the other run is no longer the same */
export function readSameParameters(
  path: string,
  from: InitialAgent,
  config: AgentConfig,
  world: WorldShape,
): InitialParameters {
  const again = `${path} starts from ${from.run} at frame ${from.frames}`;
  let found: InitialParameters;
  try {
    found = readInitialParameters(from.run, config, world);
  } catch (cause) {
    throw new Failure(`${again}, which cannot be read: ${(cause as Error).message}`, { cause });
  }
  if (found.initFrom.sha256 === from.sha256) return found;
  throw new Failure(
    `${again}, which is at frame ${found.initFrom.frames} now and holds other parameters: start it again with --overwrite`,
  );
}

/** @throws UsageError naming the first parameter that differs, and the options that decide it */
function requireFit(
  path: string,
  tensors: NamedTensors,
  layout: ParameterLayout,
  there: AgentConfig,
  here: AgentConfig,
): void {
  const wanted = new Map(layout.slots.map(({ name, shape }) => [parameterName(name), shape]));
  const size = (shape: readonly number[] | undefined): string =>
    shape === undefined ? 'missing' : `[${shape.join(', ')}]`;
  for (const name of new Set([...wanted.keys(), ...Object.keys(tensors)])) {
    const [old, now] = [size(tensors[name]?.shape), size(wanted.get(name))];
    if (old === now) continue;
    const keys = ['convolutions', 'dense', 'pictures', 'lstm', ...optionsOf(here.pathway)];
    const settings = keys
      .filter((key) => JSON.stringify(there[key]) !== JSON.stringify(here[key]))
      .map((key) => `${key}=${JSON.stringify(there[key])}`);
    const advice = settings.length > 0 ? `: give --set ${settings.join(' ')}` : '';
    throw new UsageError(
      `the agent of ${path} has another network: its ${name} is ${old}, and here it is ${now}${advice}`,
    );
  }
}

const optionsOf = (pathway: string): string[] => Object.keys(knownPathway(pathway).options.shape);
