import type { Env } from '../contract.ts';
import { Random } from '../random.ts';
import { JudgedWorld, made } from './trial.ts';

/** How fast a world is, on this machine and now. */
export interface Speed {
  /** Steps a second of one world that writes into an observation that is passed to it, including new episodes. */
  readonly stepsPerSecond: number;
  /** Milliseconds that a picture for people takes. */
  readonly renderMilliseconds: number;
}

/** How long each figure is measured, after warming up for as long. */
const MILLISECONDS = 150;
const TRIAL_STEPS = 20;

/** Plays a world for longer than any rule does. @throws Broken where it goes wrong only then */
export function measure(make: () => Env): Speed {
  const trial = new JudgedWorld(made(make));
  const random = new Random('speed');
  const { n } = trial.world.actionSpace;
  const into = trial.blank();
  trial.reset({ seed: 7 }, into);
  const stepsPerSecond = rate(() => trial.advanceFast(random.integer(0, n - 1), into));
  const renderMilliseconds = 1000 / rate(() => trial.render());
  trial.close();
  return { stepsPerSecond, renderMilliseconds };
}

/** Rough milliseconds of a step; 0 where the world fails, which the rules report. */
export function stepTime(make: () => Env): number {
  try {
    const trial = new JudgedWorld(made(make));
    const { n } = trial.world.actionSpace;
    const start = performance.now();
    for (let i = 0; i < TRIAL_STEPS; i++) trial.advance(i % n);
    const time = (performance.now() - start) / TRIAL_STEPS;
    trial.close();
    return time;
  } catch {
    return 0;
  }
}

/** How often a second something can be done. */
function rate(work: () => unknown): number {
  let result = 0;
  for (const _ of ['warming up', 'measured']) {
    const start = performance.now();
    let [count, elapsed] = [0, 0];
    while (elapsed < MILLISECONDS) {
      work();
      count++;
      elapsed = performance.now() - start;
    }
    result = (count * 1000) / elapsed;
  }
  return result;
}
