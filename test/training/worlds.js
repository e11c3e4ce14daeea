/**
 * A world for the compiled program, and for its threads: `NODE_OPTIONS=--import=…/worlds.js` makes it known to both. It is a timed
 * grid that comes to grief as the environment variable TROUBLE says, once a world has made 60 steps.
 */
import { findSpec, register, TimedGrid } from 'timegrid/env';

class TroubledGrid extends TimedGrid {
  #steps = 0;

  step(action, into) {
    const result = super.step(action, into);
    this.#steps += 1;
    if (this.#steps < 60) return result;
    if (process.env.TROUBLE === 'throw') throw new RangeError('the floor gave way');
    return process.env.TROUBLE === 'nan' ? { ...result, reward: Number.NaN } : result;
  }
}

const { options, resetOptions } = findSpec('TimedGrid-v0');
register({
  id: 'TroubledGrid-v0',
  summary: 'A timed grid that comes to grief.',
  options,
  resetOptions,
  create: (given) => new TroubledGrid(given),
});
