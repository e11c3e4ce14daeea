import { EnvVector, make, Random } from '../../env/index.ts';
import { type Spread, spread } from './measure.ts';

export interface WorldStepsOptions {
  /** The world's id. */
  readonly id?: string;
  /** Options of the world; each has its own default. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Worlds stepped together. */
  readonly worlds?: number;
  /** How long one run lasts. */
  readonly seconds?: number;
  readonly repeats?: number;
}

export interface WorldStepsResult {
  readonly id: string;
  /** Those that were given. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly worlds: number;
  /** [height, width, channels] of what every world writes at every step. */
  readonly pixels: readonly number[];
  readonly stepsPerSecond: Spread;
}

/** Batches written in turn, as a learner does whose rollout has 20 steps and one observation more. */
const SLOTS = 21;

/**
 * How many steps a second one core does: random actions (prepared beforehand), episodes restarted as they end, every pixel of
 * every world written at every step.
 */
export function worldStepsPerSecond({
  id = 'TimedGrid-v0',
  options = {},
  worlds = 32,
  seconds = 1,
  repeats = 5,
}: WorldStepsOptions = {}): WorldStepsResult {
  const vector = new EnvVector(Array.from({ length: worlds }, () => make(id, options)));
  const slots = Array.from({ length: SLOTS }, () => vector.allocate());
  const random = new Random('world steps');
  const actions = Array.from({ length: 1021 }, () =>
    Uint8Array.from({ length: worlds }, () => vector.actionSpace.sample(random)),
  );
  vector.reset({ seeds: vector.worlds.map((_, i) => `world steps ${i}`) }, slots[0]!);

  let step = 0;
  const run = (milliseconds: number): number => {
    const start = performance.now();
    const from = step;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      for (let i = 0; i < 100; i++, step++) {
        vector.step(actions[step % actions.length]!, slots[step % SLOTS]!);
      }
      elapsed = performance.now() - start;
    }
    return ((step - from) * worlds * 1000) / elapsed;
  };

  run(200); // until the code is compiled
  const runs = Array.from({ length: repeats }, () => run(seconds * 1000));
  vector.close();
  const { shape } = vector.observationSpace.pixels;
  return { id, options, worlds, pixels: shape, stepsPerSecond: spread(runs) };
}
