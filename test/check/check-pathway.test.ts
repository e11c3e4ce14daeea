import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Pathway, PathwaySpec } from '../../agent/pathways/pathway.ts';
import { pathwaySpecs } from '../../agent/pathways/registry.ts';
import * as tf from '../../agent/tf.ts';
import { checkPathway } from '../../src/check/check-pathway.ts';
import { pathwayRules } from '../../src/check/pathway-rules.ts';

/** A pathway that adds the number, times a weight, to a running sum, and shows tanh of it. */
const sound = (k: number): Pathway => ({
  parameters: [
    { name: 'sum/kernel', shape: [k + 1, 2], initial: () => new Float32Array(2 * k + 2).fill(0.3) },
  ],
  accumulators: [],
  state: ['s1', 's2'],
  featureSize: 2,
  apply(parameters, t, state) {
    const one = tf.ones([state!.shape[0], 1]);
    const x = tf.concat(t ? [t, one] : [one], 1);
    const next = tf.add(state!, tf.matMul(x, parameters['sum/kernel']!)) as tf.Tensor2D;
    return { features: tf.tanh(next), state: next };
  },
});

const specOf = (change: (pathway: Pathway, k: number) => Partial<Pathway>): PathwaySpec => ({
  id: 'tried',
  summary: 'The LSTM gets a running sum.',
  options: z.strictObject({}),
  create: ({ length }) => ({ ...sound(length), ...change(sound(length), length) }),
});

/** The same, with something done to the features. */
const features = (change: (features: tf.Tensor2D) => tf.Tensor): PathwaySpec =>
  specOf(({ apply }) => ({
    apply(...inputs) {
      const { features, state } = apply(...inputs);
      return { features: change(features!) as tf.Tensor2D, state };
    },
  }));

let calls = 0;
let leaked = 0;
const noisy = () => new Float32Array(4).map(() => ++calls);

const broken: readonly [rule: string, problem: RegExp, spec: PathwaySpec][] = [
  [
    'parameters',
    /^two parameters are called sum\/kernel$/,
    specOf(({ parameters }) => ({ parameters: [...parameters, ...parameters] })),
  ],
  [
    'parameters',
    /^lstm\/bias has the name of a parameter of the network$/,
    specOf(({ parameters }) => ({ parameters: [{ ...parameters[0]!, name: 'lstm/bias' }] })),
  ],
  [
    'parameters',
    /^states has the name of something else that programs are fed$/,
    specOf(({ parameters }) => ({ parameters: [{ ...parameters[0]!, name: 'states' }] })),
  ],
  [
    'parameters',
    /^initial gives 4 values of sum\/kernel, not 2 \(told 0 numbers\)$/,
    specOf(({ parameters }) => ({ parameters: [{ ...parameters[0]!, initial: noisy }] })),
  ],
  [
    'accumulators',
    /^nac\/w_hat is missing, not \[1,1\]$/,
    specOf(() => ({
      accumulators: [{ name: 'nac', inputs: ['1'], outputs: ['s1'], keeps: 'outputs' }],
    })),
  ],
  ['sizes', /^apply returns features \[1,2\], not \[1,3\]$/, specOf(() => ({ featureSize: 3 }))],
  [
    'sizes',
    /^apply returns rewarded \[\], not \[1,1\] or more: rewardPrediction asks for it$/,
    specOf(() => ({ rewardPrediction: 1 })),
  ],
  ['pure', /^number 0 of the features is /, features((x) => tf.add(x, ++calls))],
  [
    'reset',
    /^number 0 of the features is /,
    // It counts its steps behind the state's back, but not while the same step is repeated.
    specOf(({ apply }) => ({
      apply(parameters, t, state) {
        const begins = state!.dataSync().every((value) => value === 0);
        if (!begins && t) leaked += 1e-3 * t.dataSync()[0]!;
        const result = apply(parameters, t, state, null);
        return begins ? { ...result, features: tf.add(result.features!, leaked) } : result;
      },
    })),
  ],
  ['rows-apart', /in a batch of 3 and alone$/, features((x) => tf.sub(x, tf.mean(x, 0)))],
  [
    'finite',
    /^told -?1000000, it gives (-?Infinity|NaN) at step/,
    features((x) => tf.div(x, tf.sub(1, tf.abs(x)))),
  ],
  [
    'gradients',
    /^along a direction of sum\/kernel the gradient is .*, the finite difference /,
    features((x) =>
      tf.customGrad((y) => ({
        value: tf.mul(y as tf.Tensor, 2),
        gradFunc: (dy: tf.Tensor) => dy,
      }))(x),
    ),
  ],
  [
    'gradients',
    /Cannot compute gradient/,
    specOf(({ parameters }) => ({
      parameters: [...parameters, { ...parameters[0]!, name: 'sum/unused' }],
    })),
  ],
  ['compiled', /./, features((x) => (x.dataSync()[0]! > 9 ? tf.neg(x) : x))],
];

test.each(broken)('%s is broken where %s', async (rule, problem, spec) => {
  const { ok, rules } = await checkPathway(spec);
  const found = rules.filter(({ outcome }) => outcome === 'broken');
  expect(found[0]!.id).toBe(rule);
  expect(found[0]!.problem).toMatch(problem);
  expect(found[0]!.advice).toMatch(/\w/);
  expect(ok).toBe(false);
});

test('every rule is broken by one of these', () => {
  const ids = new Set(broken.map(([rule]) => rule));
  expect(pathwayRules.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
});

test.each([
  ['sound', specOf(() => ({}))] as const,
  ...pathwaySpecs().map((s) => [s.id, s] as const),
])('%s keeps every rule', async (_, spec) => {
  const { rules } = await checkPathway(spec);
  expect(rules.filter(({ outcome }) => outcome !== 'kept')).toEqual([]);
});
