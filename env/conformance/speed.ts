import type { Env, Observation } from '../contract.ts';
import { Random } from '../random.ts';
import { made, Trial } from './trial.ts';

/** How fast a world is, on this machine and now. */
export interface Speed {
  /** Steps a second of one world that writes into an observation handed in, new episodes included. */
  readonly stepsPerSecond: number;
  /** Milliseconds that a picture for people takes. */
  readonly renderMilliseconds: number;
}

/** How long each figure is measured, after as long a time of warming up. */
const MILLISECONDS = 150;
const TRIAL_STEPS = 20;

export function measure(make: () => Env): Speed {
  const { world, advance } = player(make);
  const stepsPerSecond = rate(advance);
  const renderMilliseconds = 1000 / rate(() => world.render());
  world.close();
  return { stepsPerSecond, renderMilliseconds };
}

/** Milliseconds of a step, roughly; 0 where the world comes to grief, which the rules say more about. */
export function stepTime(make: () => Env): number {
  try {
    const trial = new Trial(made(make));
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

function player(make: () => Env): { world: Env; advance: () => void } {
  const world = make();
  const random = new Random('speed');
  const { pixels, instruction } = world.observationSpace;
  const into: Observation = {
    pixels: new Uint8Array(pixels.length),
    instruction: new Float32Array(instruction.length),
  };
  world.reset({ seed: 7 }, into);
  const { n } = world.actionSpace;
  let over = false;
  return {
    world,
    advance() {
      if (over) {
        world.reset(undefined, into);
        over = false;
        return;
      }
      const result = world.step(random.integer(0, n - 1), into);
      over = result.terminated || result.truncated;
    },
  };
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
