import * as z from 'zod';
import { type Accumulator, accumulate, nacOptions, nacParameters } from '../cells/nac.ts';
import { nmu } from '../cells/nmu.ts';
import { uniform } from '../initializers.ts';
import { fires } from '../layers/fires.ts';
import type { ParameterSpec } from '../parameters.ts';
import * as tf from '../tf.ts';
import { joined } from './joined.ts';
import { numbered, type PathwaySpec } from './pathway.ts';

const { pull, pullFrom, roundAt } = nacOptions({ pull: 2, pullFrom: 0, roundAt: 0.3 });
const options = z.strictObject({
  ...{ pull, pullFrom, roundAt },
  events: z.int().min(1).max(64).default(8).describe('events that it learns to recognise'),
  rewardPrediction: z
    .number()
    .min(0)
    .default(1)
    .describe('weight in the loss of telling by each event which steps were rewarded, if any were'),
});

/**
 * Counters of steps and of learned events, compared with the numbers told. An event is something that the agent saw or did: it
 * happens, e = 1, where what it saw in the last picture for the action that it then took, plus what it sees now, is above zero. A
 * neural accumulator counts, n ← n + NAC([1, e]), and a second one compares, x = NAC([t, m, n]), where m is the product of the numbers,
 * if there are several. The LSTM gets tanh(x / 2), and x / 10 within −1 and 1. Each counter starts near the sum of one event, each
 * comparison near one counter less one number, and the product near that of all numbers. Where steps are rewarded within an episode,
 * events also learn to tell which. (This project's own; Trask et al. 2018 have no such agent.)
 */
export const nacCounter: PathwaySpec<typeof options> = {
  id: 'nac-counter',
  label: 'Event counter',
  summary:
    'The LSTM gets tanh(x / 2), and x / 10 within −1 and 1, of the outputs x of a NAC over the numbers, their product, and counters (a second NAC that counts steps and learned events).',
  colour: '#8C6D1F',
  options,
  defaults: { memoryDropout: 0.1, memoryDecay: 0.8, entropyBonus: 0.05, entropyLeft: 0.02 },
  create(instruction, { events: K, rewardPrediction }, actions) {
    const made = instruction.length > 1 ? ['m1'] : [];
    const numbers = [...instruction, ...made];
    const events = numbered('e', K);
    const counts = numbered('n', K + 1);
    const against = Math.max(1, numbers.length);
    const width = counts.length * against;
    const product: Accumulator = {
      ...{ name: 'product', cell: nmu, inputs: instruction, outputs: made, keeps: 'nothing' },
    };
    const counter: Accumulator = {
      ...{ name: 'counter', inputs: ['1', ...events], outputs: counts, keeps: 'sums' },
    };
    const nac: Accumulator = {
      ...{ name: 'nac', inputs: [...numbers, ...counts], outputs: numbered('x', width) },
      keeps: 'nothing',
    };
    const perAction = K * actions;
    const sights = numbered('sight', perAction);
    return {
      parameters: [
        ...(made.length > 0 ? nearProduct(product) : []),
        ...nacParameters(counter, 'signed', (from, to) => (from === to ? 1 : 0)),
        ...nacParameters(nac, 'signed', (from, to) => {
          if (from < numbers.length) return from === to % against ? -1 : 0;
          return from - numbers.length === Math.floor(to / against) ? 1 : 0;
        }),
      ],
      accumulators: [...(made.length > 0 ? [product] : []), counter, nac],
      state: [...counts, ...sights],
      internal: sights,
      events,
      featureSize: 2 * width,
      sightSize: perAction + K,
      rewardPrediction,
      apply(parameters, instruction, state, seen) {
        const [count, before] = tf.split(state!, [counts.length, perAction], 1) as tf.Tensor2D[];
        const [next, now] = tf.split(seen!.sight, [perAction, K], 1) as tf.Tensor2D[];
        const ofActions = tf.reshape(before!, [-1, K, actions]);
        const ofTaken = tf.sum(tf.mul(ofActions, tf.expandDims(seen!.lastAction, 1)), 2);
        const logOdds: tf.Tensor2D = tf.add(ofTaken, now!);
        const one = tf.ones([count!.shape[0], 1]) as tf.Tensor2D;
        const added = accumulate(parameters, counter.name, joined([one, fires(logOdds)]));
        const counted: tf.Tensor2D = tf.add(count!, added);
        const m = made.length > 0 ? nmu.apply(parameters, product.name, instruction!) : null;
        const compared = joined([instruction, m as tf.Tensor2D | null, counted]);
        const x = accumulate(parameters, nac.name, compared);
        return {
          features: joined([fine(x), coarse(x)]),
          state: joined([counted, next!]),
          rewarded: logOdds,
        };
      },
    };
  },
};

/** Where a count is near the number: after a few, it is far. */
const fine = (x: tf.Tensor2D): tf.Tensor2D => tf.tanh(tf.div(x, 2));

/** How far it is, up to ten. Beyond, all look alike, so that a counter that stands still does not tell how large the number is. */
const coarse = (x: tf.Tensor2D): tf.Tensor2D => tf.clipByValue(tf.div(x, 10), -1, 1);

/** Parameters of a multiplication unit that starts near the product of all its inputs: the early pull makes it whole from there. */
const nearProduct = ({ name, inputs, outputs }: Accumulator): ParameterSpec[] =>
  nmu
    .parameters(name, inputs.length, outputs.length)
    .map((spec) => ({ ...spec, initial: uniform(0.75, 1) }));
