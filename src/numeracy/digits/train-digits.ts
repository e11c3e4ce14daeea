import { adamTraining } from '../adam-training.ts';
import { DrawnNumbers } from '../drawn-numbers.ts';
import type { TaskTraining } from '../task.ts';
import { type Digits, imageAt, PIXELS } from './images.ts';
import { type Batch, batchOf, digitModel, ENCODING, type ModelChoice, QUESTIONS } from './model.ts';
import { recurrentCell } from './recurrent-cells.ts';

export interface DigitTraining extends ModelChoice {
  readonly seeds: readonly number[];
  readonly iterations: number;
  readonly learningRate: number;
  /** Lengths of sequences: from this one to the longest, … */
  readonly shortest: number;
  readonly longest: number;
  /** … so many of each in a step. */
  readonly each: number;
}

/** Share of the training after which an arithmetic cell's weights are made whole; the encoder goes on learning. */
const ROUND_AT = 0.5;
/** Shares of the training until which the learning rate rises, and from which it falls, to this share of itself. */
const [RISE, FALL, LEAST] = [0.05, 0.5, 0.02];

const rateAt = (share: number): number =>
  share < RISE ? share / RISE : share < FALL ? 1 : Math.max(LEAST, (1 - share) / (1 - FALL));

/** Trains copies on sequences of these digits; each draws sequences of its own. */
export function trainDigits(
  digits: Digits,
  { seeds, iterations, learningRate, shortest, longest, each, ...choice }: DigitTraining,
): Promise<TaskTraining> {
  const lengths = Array.from({ length: longest - shortest + 1 }, (_, i) => shortest + i);
  const batch = batchOf(Array.from({ length: each }, () => lengths).flat());
  const { arithmetic } = recurrentCell(choice.cell);
  return adamTraining({
    model: digitModel(choice, batch, seeds.length),
    seeds,
    steps: iterations,
    learningRate: (i) => learningRate * rateAt((i + 1) / iterations),
    feeds: feeder(digits, batch, choice, seeds),
    ...(arithmetic && {
      round: (copy) => arithmetic.round(copy, 'cell', ENCODING + QUESTIONS[choice.question]),
      roundAfter: Math.max(0, Math.floor(ROUND_AT * iterations) - 1),
    }),
  });
}

/** Fills what step i reads: a copy's pictures depend on its seed and i alone. */
function feeder(
  digits: Digits,
  { running, lengths, pictures }: Batch,
  { question }: ModelChoice,
  seeds: readonly number[],
) {
  const outputs = QUESTIONS[question];
  const B = lengths.length;
  const images = new Uint8Array(seeds.length * pictures * PIXELS);
  const truth = new Float32Array(seeds.length * B * outputs);
  return (i: number) => {
    truth.fill(0);
    for (const [m, seed] of seeds.entries()) {
      const random = new DrawnNumbers(`digits/train/${seed}/${i}`);
      let at = m * pictures;
      for (const sequences of running) {
        for (let b = 0; b < sequences; b += 1) {
          const index = random.integer(0, digits.labels.length - 1);
          images.set(imageAt(digits, index), at * PIXELS);
          addTo(truth, m * B + b, outputs, digits.labels[index]!);
          at += 1;
        }
      }
    }
    return { images, truth };
  };
}

/** Adds a digit to the true answer of a sequence. @param truth [sequences, outputs] */
export function addTo(truth: Float32Array, sequence: number, outputs: number, digit: number): void {
  if (outputs === 1) truth[sequence]! += digit;
  else truth[sequence * outputs + digit]! += 1;
}
