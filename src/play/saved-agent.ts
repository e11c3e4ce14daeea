import { type Blueprint, makeBlueprint } from '../../agent/blueprint.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { findWorldOfRun, type WorldFinding } from '../plugins/world-of-run.ts';
import { parametersOf } from '../run/agent-parameters.ts';
import { descriptionOf, type RunDescription } from '../run/description.ts';
import { openRun } from '../run/folder.ts';
import { loadCheckpoint } from '../run/load-checkpoint.ts';
import type { CheckpointName } from '../run/pointers.ts';
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
 * @param world how its world is found, where it does not come with this package
 * @throws UsageError for a run that is missing or whose world is gone or shows something else, Failure for a damaged one
 */
export async function loadSavedAgent(
  path: string,
  which: CheckpointName,
  engine: EngineName,
  B: number,
  world: WorldFinding = {},
): Promise<SavedAgent> {
  const run = openRun(path);
  const described = descriptionOf(run);
  const checkpoint = loadCheckpoint(run, which);
  const env = await findWorldOfRun(path, described.settings.env, world);
  const description = { ...described, settings: { ...described.settings, env } };
  const advice = 'evaluate it with the version of the world that it was trained in';
  requireSameShape(path, description, advice);
  const recipe = { config: description.settings.config, world: description.world };
  const blueprint = await makeBlueprint(recipe, engine, { B }, ['encode', 'act']);
  const parameters = parametersOf(checkpoint, blueprint.layout, path);
  return { path, description, frames: checkpoint.frames, blueprint, parameters };
}
