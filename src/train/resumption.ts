import type { WorldSource } from '../plugins/source.ts';
import { findWorldOfRun, type WorldFinding } from '../plugins/world-of-run.ts';
import { descriptionOf, type RunDescription } from '../run/description.ts';
import { openRun } from '../run/folder.ts';
import { hasCheckpoint } from '../run/load-checkpoint.ts';
import type { CheckpointName } from '../run/pointers.ts';
import { requireSameShape } from '../run/world-shape.ts';

/** How a training is gone on with. */
export interface Resumption extends Pick<WorldFinding, 'env' | 'onNote'> {
  /** Whether it goes on though its world has changed. */
  readonly changedWorld?: boolean | undefined;
  /** From which checkpoint; what came after it is forgotten. The last one by default. */
  readonly checkpoint?: CheckpointName | undefined;
}

/**
 * What a run that is gone on with says of itself, its world as it is now.
 * @returns `former` is the world as it was, where it has changed
 * @throws UsageError for a world that is gone, that shows something else, or that has changed where that is not meant: a run
 *   without a checkpoint has nothing of the former world in it
 */
export async function resumption(
  path: string,
  { env, onNote, changedWorld = false }: Resumption,
): Promise<{ description: RunDescription; former: WorldSource | undefined }> {
  const described = descriptionOf(openRun(path));
  const { settings } = described;
  const unchanged = !changedWorld && hasCheckpoint(path);
  const world = await findWorldOfRun(path, settings.env, { env, onNote, unchanged });
  const description = { ...described, settings: { ...settings, env: world } };
  requireSameShape(path, description, 'put that version of the world back, or start another run');
  const before = settings.env.source;
  return { description, former: before?.version === world.source?.version ? undefined : before };
}
