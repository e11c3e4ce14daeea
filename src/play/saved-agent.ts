import { type Blueprint, makeBlueprint } from '../../agent/blueprint.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { findPluginsOfRun, type PluginFinding } from '../plugins/of-run.ts';
import { parametersOf } from '../run/agent-parameters.ts';
import type { CheckpointName } from '../run/checkpoint-names.ts';
import { descriptionOf, type RunDescription } from '../run/description.ts';
import { openRun } from '../run/folder.ts';
import { type KeptCheckpoint, readKept } from '../run/kept-checkpoints.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import { requireSameShape } from '../run/require-same-shape.ts';

/** A trained agent, ready to act. */
export interface SavedAgent {
  readonly path: string;
  /** As `run.json` has it, but that the world is found from where it is now. */
  readonly description: RunDescription;
  /** Frames it was trained on. */
  readonly frames: number;
  /** Its programs for the number of worlds asked for. */
  readonly blueprint: Blueprint;
  /** All parameters, float32 [P], laid out as `blueprint.layout`. */
  readonly parameters: Float32Array;
}

/**
 * Loads a run's agent to act in `B` worlds at once.
 * @param finding how its world and its pathway are found, where they do not come with this package
 * @throws UsageError for a run that is missing or whose world is gone or shows something else, Failure for a damaged one
 */
export async function loadSavedAgent(
  path: string,
  which: CheckpointName,
  engine: EngineName,
  B: number,
  finding: PluginFinding = {},
): Promise<SavedAgent> {
  const run = openRun(path, finding.onNote);
  const described = descriptionOf(run);
  const checkpoint = loadCheckpoint(run, which);
  const settings = await findPluginsOfRun(path, described, finding);
  const description = { ...described, settings };
  const advice = 'evaluate it with the version of the world that it was trained in';
  requireSameShape(path, description, advice);
  const recipe = { config: description.settings.config, world: description.world };
  const blueprint = await makeBlueprint(recipe, engine, { B }, ['encode', 'act']);
  const parameters = parametersOf(checkpoint, blueprint.layout, path);
  return { path, description, frames: checkpoint.frames, blueprint, parameters };
}

/** The parameters of a run's agent as it was kept, float32 [P]. @throws Failure where they are gone or damaged */
export function keptParameters(
  path: string,
  kept: KeptCheckpoint,
  layout: Blueprint['layout'],
): Float32Array {
  const checkpoint = { frames: kept.frames, tensors: readKept(path, kept), state: {} };
  return parametersOf(checkpoint, layout, path);
}
