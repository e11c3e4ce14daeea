import {
  ClipReward,
  type Env,
  type EnvSpec,
  FrameStack,
  Grayscale,
  OrderEnforcing,
  PassiveEnvChecker,
  RecordEpisodeStatistics,
  RecordReplay,
  StochasticAction,
  TimeLimit,
  TransformReward,
  wrapSpec,
} from '../../../env/index.ts';
import { corridor } from '../corridor.ts';

/** Every wrapper, by name. */
export const wrappers: Readonly<Record<string, (env: Env) => Env>> = {
  TimeLimit: (env) => new TimeLimit(env, { steps: 4 }),
  OrderEnforcing: (env) => new OrderEnforcing(env),
  PassiveEnvChecker: (env) => new PassiveEnvChecker(env),
  RecordEpisodeStatistics: (env) => new RecordEpisodeStatistics(env, { window: 3 }),
  FrameStack: (env) => new FrameStack(env, { frames: 3 }),
  FrameStackOnBlack: (env) => new FrameStack(env, { frames: 2, padding: 'zero' }),
  Grayscale: (env) => new Grayscale(env),
  ClipReward: (env) => new ClipReward(env, { low: -0.25, high: 3, maxReward: 3 }),
  TransformReward: (env) => new TransformReward(env, (reward) => reward / 10 - 1, { maxReward: 1 }),
  StochasticAction: (env) => new StochasticAction(env, { probability: 0.3 }),
  RecordReplay: (env) => new RecordReplay(env, { onEpisode: () => {} }),
};

/** A corridor in each wrapper, and in all of them. */
export const wrappedSpecs: readonly EnvSpec[] = [
  ...Object.entries(wrappers).map(([name, wrap]) => wrapSpec(corridor, `${name}Corridor-v0`, wrap)),
  wrapSpec(corridor, 'WrappedCorridor-v0', ...Object.values(wrappers)),
];
