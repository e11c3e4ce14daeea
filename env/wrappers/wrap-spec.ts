import type { Env, EnvSpec } from '../contract.ts';
import { Wrapper } from './wrapper.ts';

/**
 * A world in wrappers as a kind of world with its own id and the same options, for `register` and `make`, and so for training, evaluation
 * and the page (Gymnasium's `EnvSpec.additional_wrappers`).
 *
 * ```ts
 * register(wrapSpec(findSpec('TimedGrid-v0'), 'ShortGreyGrid-v0',
 *   (env) => new TimeLimit(env, { steps: 20 }), (env) => new Grayscale(env)));
 * ```
 * @param wrappers the innermost first
 */
export function wrapSpec(
  spec: EnvSpec,
  id: string,
  ...wrappers: readonly ((env: Env) => Env)[]
): EnvSpec {
  const wrapped: EnvSpec = {
    ...spec,
    id,
    create(options) {
      const env = wrappers.reduce((env, wrap) => wrap(env), spec.create(options));
      return new Wrapper(env, { spec: wrapped });
    },
  };
  return wrapped;
}

/** The innermost world, without any wrappers. */
export function unwrapped(env: Env): Env {
  return env instanceof Wrapper ? env.unwrapped : env;
}

/** The world as its spec makes it: `env` without the wrappers that were put around it afterwards. */
export function asMade(env: Env): Env {
  let made = env;
  while (made instanceof Wrapper && made.spec === made.env.spec) made = made.env;
  return made;
}
