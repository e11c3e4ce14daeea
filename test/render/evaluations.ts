import seedrandom from 'seedrandom';
import type { NumberName } from '../../env/index.ts';
import type { Evaluation, Row } from '../../src/evaluate/results.ts';

const TIME: NumberName = { symbol: 't', meaning: 'time', countsSteps: true };
/** A number that counts no steps. */
export const COINS: NumberName = { symbol: 'k', meaning: 'coins', countsSteps: false };

/** How late an agent arrives at a number beyond training, as a share of the number that is beyond it. */
const DRIFT: Readonly<Record<string, number>> = {
  baseline: 1.3,
  nac: 0.35,
  'nac-stateless': 1,
  clock: 0,
};

/** Evaluations with the shape of real ones: good in training range 5..12, worse beyond, a little different for each seed. */
export function makeEvaluations(
  labels: readonly string[],
  seeds: readonly number[],
  numbers: readonly number[],
): Evaluation[] {
  return labels.flatMap((label) =>
    seeds.map((seed): Evaluation => {
      const random = seedrandom(`${label}/${seed}`);
      const drift = (DRIFT[label] ?? 0.7) * (0.85 + 0.3 * random());
      const rows = numbers.map((number): Row => {
        const late = Math.max(0, number - 13) * drift + random() * 0.1;
        const arrived = Math.max(0, Math.min(1, 1 - (late - 6) / 12));
        return {
          number,
          episodes: 200,
          meanReward: arrived * Math.max(0, 10 - late),
          exact: Math.round(200 * arrived * Math.exp(-late)) / 200,
          arrived,
          meanArrival: arrived > 0 ? number + late : null,
          neverArrived: 1 - arrived,
        };
      });
      return {
        run: `runs/${label}-${seed}`,
        label,
        seed,
        frames: 4_000_000,
        number: TIME,
        maxReward: 10,
        trainingRange: [5, 12],
        policy: 'greedy',
        rows,
      };
    }),
  );
}

/** Whole numbers from first to last, every `stride`. */
export function range(first: number, last: number, stride = 1): number[] {
  return Array.from(
    { length: Math.floor((last - first) / stride) + 1 },
    (_, k) => first + k * stride,
  );
}
