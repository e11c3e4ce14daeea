import type { WorldShape } from '../../agent/config.ts';
import { inspectWorld } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import type { RunDescription } from './description.ts';

/**
 * Requires that the world of a run still has the shape that it had when the run was made.
 * @param path the run's folder
 * @param advice the end of the error's sentence
 * @throws UsageError naming the first size that differs
 */
export function requireSameShape(
  path: string,
  { settings: { env }, world: shape }: Pick<RunDescription, 'settings' | 'world'>,
  advice: string,
): void {
  const now = inspectWorld(env.id, env.options).shape;
  for (const [name, size] of Object.entries(shape)) {
    const present = now[name as keyof WorldShape];
    if (present !== size) {
      throw new UsageError(
        `${path} was trained in a ${env.id} whose ${name} was ${size}; it is ${present} now: ${advice}`,
      );
    }
  }
}
