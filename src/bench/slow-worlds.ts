import { fileURLToPath } from 'node:url';
import { EnvVector, make, Random } from '../../env/index.ts';
import { findWorld } from '../plugins/worlds.ts';
import { startWorkers } from '../train/env-workers/start-workers.ts';
import type { Worlds } from '../train/env-workers/worlds.ts';
import { type Budget, type Spread, unitsPerSecond } from './measure.ts';
import { compute } from './slow-world.ts';

export interface SlowWorldsResult {
  /** Worlds stepped together. */
  readonly worlds: number;
  /** What one step of one world takes to compute. */
  readonly stepMilliseconds: number;
  /** Steps a second without further threads, and with so many. */
  readonly alone: Spread;
  readonly envWorkers: number;
  readonly shared: Spread;
}

const WORLDS = 8;
const STEP_MILLISECONDS = 2;

/** How many steps a second worlds do that are slow, stepped by one thread and by `--env-workers` threads. */
export async function slowWorldStepsPerSecond(
  envWorkers: number,
  budget: Budget,
): Promise<SlowWorldsResult> {
  const given = fileURLToPath(new URL('./slow-world.js', import.meta.url));
  const { spec, source } = await findWorld(given);
  const env = { id: spec.id, options: { rounds: roundsOf(STEP_MILLISECONDS) }, source };
  const own = Array.from({ length: WORLDS }, () => make(env.id, env.options));
  const alone = await measure(new EnvVector(own), budget);
  const shared = await measure(await startWorkers(env, WORLDS, envWorkers), budget);
  return { worlds: WORLDS, stepMilliseconds: STEP_MILLISECONDS, alone, envWorkers, shared };
}

async function measure(worlds: Worlds, budget: Budget): Promise<Spread> {
  const seeds = Array.from({ length: WORLDS }, (_, i) => `slow worlds ${i}`);
  const batch = worlds.allocate();
  const random = new Random('slow worlds');
  const actions = new Int32Array(WORLDS);
  await worlds.reset({ seeds }, batch);
  const step = () => {
    for (let i = 0; i < WORLDS; i++) actions[i] = random.integer(0, 4);
    return worlds.step(actions, batch);
  };
  for (let i = 0; i < 5; i++) await step(); // until the code is compiled
  const steps = await unitsPerSecond(WORLDS, step, budget);
  await worlds.close();
  return steps;
}

/** How much there is to compute in so many milliseconds: work, not waiting, so that a core does not do two at once. */
function roundsOf(milliseconds: number): number {
  const sample = 1e6;
  compute(sample);
  let fastest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const start = performance.now();
    compute(sample);
    fastest = Math.min(fastest, performance.now() - start);
  }
  return Math.round((sample * milliseconds) / fastest);
}
