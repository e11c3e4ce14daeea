/**
 * A world for the compiled program, and for its threads: `NODE_OPTIONS=--import=…/troubled-grid.js` makes it known to both. It is a timed
 * grid that fails as the environment variable TROUBLE says, once a world has made as many steps as AFTER says, or 60.
 */
import { findSpec, register, TimedGrid } from 'timegrid/env';

class TroubledGrid extends TimedGrid {
  spec = troubledGrid;
  #steps = 0;

  #fail() {
    throw new RangeError('the floor gave way later');
  }

  close() {
    if (process.env.TROUBLE === 'close' && this.#steps > 0) throw new Error('the door is jammed');
  }

  step(action, into) {
    const result = super.step(action, into);
    this.#steps += 1;
    if (this.#steps < Number(process.env.AFTER ?? 60)) return result;
    const { TROUBLE } = process.env;
    if (TROUBLE === 'throw') throw new RangeError('the floor gave way');
    if (TROUBLE === 'late') process.nextTick(() => this.#fail());
    if (TROUBLE === 'exit') process.exit(0);
    if (TROUBLE === 'promise') return Promise.reject(new Error('nobody waits for this'));
    return TROUBLE === 'nan' ? { ...result, reward: Number.NaN } : result;
  }
}

const { options, resetOptions } = findSpec('TimedGrid-v0');
const troubledGrid = {
  id: 'TroubledGrid-v0',
  summary: 'A timed grid that fails.',
  options,
  resetOptions,
  create: (given) => new TroubledGrid(given),
};
register(troubledGrid);
