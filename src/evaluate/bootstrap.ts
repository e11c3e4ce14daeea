import seedrandom from 'seedrandom';
import { quantile } from './statistics.ts';

/** Lower and upper end. */
export type Interval = readonly [number, number];

export interface BootstrapSettings {
  /** Probability that the interval is to cover; 0.95 by default. */
  readonly confidence?: number;
  /** How often the sample is redrawn; 10,000 by default. */
  readonly resamples?: number;
  /** Names the draws: the same seed gives the same interval. */
  readonly seed?: string;
}

const LEAST_SIZE = 3;

/**
 * Makes a function from a sample to the percentile bootstrap interval of its mean (Efron and Tibshirani 1993, section 13.3): the
 * sample is redrawn with replacement, and the interval lies between the (1 − confidence) / 2 quantiles of the means.
 *
 * Every sample of one size meets the same draws, so an interval depends on its sample alone and not on which came before it. With
 * a handful of values the interval is somewhat too narrow, as every percentile bootstrap is.
 *
 * @returns a function giving null for fewer than three values: the interval of two is always from the one to the other, so it does
 *   not cover what it claims to
 */
export function createBootstrap(
  settings: BootstrapSettings = {},
): (values: readonly number[]) => Interval | null {
  const { confidence = 0.95, resamples = 10_000, seed = 'bootstrap' } = settings;
  const drawsBySize = new Map<number, Uint32Array>();
  const means = new Float64Array(resamples);

  function drawsFor(size: number): Uint32Array {
    let draws = drawsBySize.get(size);
    if (!draws) {
      const random = seedrandom(`${seed}/${size}`);
      draws = Uint32Array.from({ length: resamples * size }, () => Math.floor(random() * size));
      drawsBySize.set(size, draws);
    }
    return draws;
  }

  return (values) => {
    const size = values.length;
    if (size < LEAST_SIZE) return null;
    const draws = drawsFor(size);
    for (let resample = 0; resample < resamples; resample++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += values[draws[resample * size + k]!]!;
      means[resample] = sum / size;
    }
    means.sort();
    const tail = (1 - confidence) / 2;
    return [quantile(means, tail), quantile(means, 1 - tail)];
  };
}
