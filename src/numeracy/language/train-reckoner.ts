import { LevenbergMarquardt } from '../../../agent/second-order/levenberg-marquardt.ts';
import { DrawnNumbers } from '../drawn-numbers.ts';
import { bitsOf, fromBits } from '../float64.ts';
import type { TaskTraining } from '../task.ts';
import { effectOf, effects, idle, P, Reckoning, reckon, wholeWeights } from './reckoner.ts';
import { type Range, splitNumbers } from './split.ts';
import { V, wordsOf } from './word-input.ts';

/** Rounds of a start, and second-order steps of a round. */
export const ROUNDS = 40;
const STEPS = 5;
/** The rounds from here on choose: a weight with hardly any effect is held at none, and the others pay nothing. */
const CHOOSING = 32;
const HARDLY = 0.25;
const HELD = 10;
const FREE = 1e-5;

/**
 * The price of having an effect x is λ log(x² + δ²), by which one large effect is cheaper than two that share it. λ falls from round to
 * round. In each start, the words have other prices, whose logarithm is normal with this spread, since nothing says which of two words
 * that stand together has their effect. Few examples need high prices, many low ones: the starts take turns.
 */
const PRICING = [
  { from: 1e-3, to: 1e-8, delta: 1, spread: 2 },
  { from: 1e-2, to: 1e-8, delta: 0.3, spread: 3 },
] as const;

/** One model in training. */
interface Copy {
  readonly seed: number;
  readonly reckoning: Reckoning;
  readonly train: Examples;
  readonly validation: Examples;
  /** [P] */
  parameters: Float64Array;
  damping: number;
  /** The best of the starts made so far, its mean absolute errors in training and validation together, and its weights with an effect. */
  best: Float64Array;
  error: number;
  effects: number;
}

interface Examples {
  readonly words: readonly (readonly number[])[];
  readonly numbers: readonly number[];
}

const examplesOf = (numbers: readonly number[]): Examples => ({
  words: numbers.map(wordsOf),
  numbers,
});

export const reckonerSteps = (starts: number): number => starts * ROUNDS;

/**
 * Trains reckoners by Levenberg and Marquardt's steps from several starts each. Of a start, the weights are made whole if that is no worse
 * in training and validation, and those that training can do without are put to rest. The start that is best in both together is kept, the
 * one with the fewest effects among equals; a copy without any error there makes no further start.
 */
export function trainReckoner(
  seeds: readonly number[],
  range: Range,
  starts: number,
): TaskTraining {
  const copies = seeds.map((seed): Copy => {
    const { train, validation } = splitNumbers(seed, range);
    const examples = examplesOf(train);
    return {
      seed,
      train: examples,
      validation: examplesOf(validation),
      reckoning: new Reckoning(examples.words, examples.numbers),
      parameters: new Float64Array(P),
      damping: 0,
      best: new Float64Array(P),
      error: Number.POSITIVE_INFINITY,
      effects: 0,
    };
  });
  return {
    steps: reckonerSteps(starts),
    async step(i) {
      const [start, round] = [Math.floor(i / ROUNDS), i % ROUNDS];
      for (const copy of copies) {
        if (copy.error === 0) continue;
        if (round === 0) begin(copy, start);
        makeRound(copy, start, round);
        if (round === ROUNDS - 1) keepBetter(copy);
      }
      return Float32Array.from(copies, ({ error }) => error);
    },
    save: () => ({
      parameters: bitsOf(joined(copies.map(({ parameters }) => parameters))),
      best: bitsOf(joined(copies.map(({ best }) => best))),
      state: bitsOf(
        joined(copies.map((copy) => Float64Array.of(copy.damping, copy.error, copy.effects))),
      ),
    }),
    restore(saved) {
      const [parameters, best, state] = ['parameters', 'best', 'state'].map((name) =>
        fromBits(saved[name]!),
      );
      for (const [m, copy] of copies.entries()) {
        copy.parameters = parameters!.slice(m * P, (m + 1) * P);
        copy.best = best!.slice(m * P, (m + 1) * P);
        [copy.damping, copy.error, copy.effects] = state!.slice(3 * m, 3 * m + 3) as unknown as [
          number,
          number,
          number,
        ];
      }
    },
    dispose: async () => {},
  };
}

/** The parameters of each copy, out of what was saved. */
export const savedReckoners = (best: Float32Array, copies: number): Float64Array[] =>
  Array.from({ length: copies }, (_, m) => fromBits(best).slice(m * P, (m + 1) * P));

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((size, { length }) => size + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** First weights: words add a little, scale by nearly 1, and hardly close. */
function begin(copy: Copy, start: number): void {
  const draws = new DrawnNumbers(`language/start/${copy.seed}/${start}`);
  copy.parameters = Float64Array.from({ length: P }, (_, i) => {
    if (i < V) return draws.uniform();
    return i < 2 * V ? 1 + 0.1 * draws.normal() : -2 + 0.5 * draws.normal();
  });
  copy.damping = 1e-2;
}

/** One round. */
function makeRound(copy: Copy, start: number, round: number): void {
  const { reckoning, parameters, damping } = copy;
  if (round < CHOOSING) setPrices(copy, start, round);
  else {
    for (let i = 0; i < P; i += 1) {
      reckoning.prices[i] = Math.abs(effectOf(parameters, i)) < HARDLY ? HELD : FREE;
    }
  }
  const fitting = new LevenbergMarquardt(reckoning, { parameters, damping });
  for (let k = 0; k < STEPS && fitting.step(); k += 1);
  copy.parameters = fitting.parameters;
  copy.damping = Math.min(1, Math.max(1e-6, fitting.damping));
}

/** By the effects as they are, so that the square of each residual is the price's slope times x² (reweighted least squares). */
function setPrices({ seed, reckoning, parameters }: Copy, start: number, round: number): void {
  const { from, to, delta, spread } = PRICING[start % PRICING.length]!;
  const draws = new DrawnNumbers(`language/prices/${seed}/${start}`);
  const words = Array.from({ length: V }, () => Math.exp(spread * draws.normal()));
  const lambda = from * (to / from) ** (round / (ROUNDS - 1));
  for (let i = 0; i < P; i += 1) {
    const effect = effectOf(parameters, i);
    // A closing is between 0 and 1: it pays in proportion.
    const divisor = i < 2 * V ? effect * effect + delta * delta : effect + 0.01;
    reckoning.prices[i] = Math.sqrt((lambda * words[i % V]!) / divisor);
  }
}

function keepBetter(copy: Copy): void {
  const { train, validation, parameters } = copy;
  const whole = wholeWeights(parameters);
  if (errorOf(whole, train) === 0) rest(whole, train);
  const errors = [whole, parameters].map(
    (weights) => errorOf(weights, train) + errorOf(weights, validation),
  );
  const [found, error] =
    errors[0]! <= errors[1]! ? [whole, errors[0]!] : [parameters.slice(), errors[1]!];
  const count = effects(found);
  if (error < copy.error || (error === copy.error && count < copy.effects)) {
    Object.assign(copy, { best: found, error, effects: count });
  }
}

/** Puts the weights to rest that training does without, the closings first, in place. */
function rest(weights: Float64Array, train: Examples): void {
  for (let i = P - 1; i >= 0; i -= 1) {
    const value = weights[i]!;
    if (value === idle(i)) continue;
    weights[i] = idle(i);
    if (errorOf(weights, train) > 0) weights[i] = value;
  }
}

function errorOf(weights: Float64Array, { words, numbers }: Examples): number {
  let sum = 0;
  for (const [n, number] of numbers.entries()) sum += Math.abs(reckon(weights, words[n]!) - number);
  return sum / numbers.length;
}
