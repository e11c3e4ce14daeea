import { type Blueprint, makeBlueprint } from '../../agent/blueprint.ts';
import type { EngineName } from '../../agent/engines/engine.ts';
import { make } from '../../env/index.ts';
import { UsageError } from '../errors.ts';
import { type CheckpointName, loadCheckpoint, openRun } from '../run/folder.ts';
import { parametersOf } from './checkpointing.ts';
import { descriptionOf, type RunDescription } from './description.ts';
import { worldShapeOf } from './trainer.ts';

/** A trained agent, ready to act. */
export interface SavedAgent {
  readonly path: string;
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
 * @throws UsageError for a run that is missing or whose world has changed, Failure for a damaged one
 */
export async function loadAgent(
  path: string,
  which: CheckpointName,
  engine: EngineName,
  B: number,
): Promise<SavedAgent> {
  const run = openRun(path);
  const description = descriptionOf(run);
  const { settings, world } = description;
  const checkpoint = loadCheckpoint(run, which);
  const probe = make(settings.env.id, settings.env.options);
  const now = worldShapeOf(probe);
  probe.close();
  for (const [name, size] of Object.entries(world)) {
    const present = now[name as keyof typeof now];
    if (present !== size) {
      throw new UsageError(
        `${path} was trained in a ${settings.env.id} whose ${name} was ${size}; it is ${present} now: evaluate it with the version of the world that it was trained in`,
      );
    }
  }
  const recipe = { config: settings.config, world };
  const blueprint = await makeBlueprint(recipe, engine, { B }, ['encode', 'act']);
  const parameters = parametersOf(checkpoint, blueprint.layout, path);
  return { path, description, frames: checkpoint.frames, blueprint, parameters };
}
