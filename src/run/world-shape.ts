import type { WorldShape } from '../../agent/config.ts';
import { closeGuarded } from '../../env/guard/ask.ts';
import { type Env, make } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import type { RunDescription } from './description.ts';

/** The sizes of a world's observations and how many actions it takes: what an agent is built for. */
export function worldShapeOf(env: Env): WorldShape {
  const { pixels, instruction } = env.observationSpace;
  const [height, width, channels] = pixels.shape as [number, number, number];
  return { height, width, channels, instruction: instruction.length, actions: env.actionSpace.n };
}

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
  const probe = make(env.id, env.options);
  const now = worldShapeOf(probe);
  closeGuarded(probe);
  for (const [name, size] of Object.entries(shape)) {
    const present = now[name as keyof WorldShape];
    if (present !== size) {
      throw new UsageError(
        `${path} was trained in a ${env.id} whose ${name} was ${size}; it is ${present} now: ${advice}`,
      );
    }
  }
}
