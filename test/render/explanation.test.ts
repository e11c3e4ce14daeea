import { describe, expect, test } from 'vitest';
import { createPathway, parseConfig } from '../../agent/pathways/configure.ts';
import { instructionNames } from '../../agent/pathways/pathway.ts';
import { type TrainedAccumulator, trainedAccumulators } from '../../agent/pathways/reading.ts';
import { arithmeticOf } from '../../src/explain/arithmetic.ts';
import type { Explanation } from '../../src/explain/explain.ts';
import { formatExplanation } from '../../src/render/explanation.ts';

const facts = {
  ...{
    run: 'runs/a',
    summary: 'The LSTM gets it.',
    seed: 1,
    frames: 2e6,
    episodes: 100,
    behaviour: null,
    failure: null,
  },
  number: { symbol: 't', meaning: 'time', trained: [5, 12] as [number, number] },
  otherNumbers: [],
};

const adding = (weights: readonly number[]) => {
  const sums = Float32Array.from(weights);
  return { weights: sums, reading: { sums, powers: null, gate: null } };
};

/** A clock of one unit and two features. */
function clock(weights: { clock: readonly number[]; nac: readonly number[] }): Explanation {
  const names = { instruction: ['t'], clock: ['n1'], features: ['x1', 'x2'] };
  const accumulators: TrainedAccumulator[] = [
    {
      ...{ name: 'clock', inputs: ['1'], outputs: names.clock, keeps: 'sums' },
      ...adding(weights.clock),
    },
    {
      ...{ name: 'nac', inputs: ['t', 'n1'], outputs: names.features, keeps: 'nothing' },
      ...adding(weights.nac),
    },
  ];
  return {
    ...facts,
    ...{
      pathway: 'nac-clock',
      instruction: names.instruction,
      arithmetic: arithmeticOf(accumulators, 't'),
    },
  };
}

describe('in words', () => {
  test('whole weights are said to be whole', () => {
    const text = formatExplanation(clock({ clock: [-1], nac: [1, -1, 1, -1] }));
    expect(text.split('\n').slice(3)).toEqual([
      '  clock: its one weight is −1, 0 or 1',
      '    n1 = n1 − 1, from 0 at the start',
      '  nac: each of 4 weights is −1, 0 or 1',
      '    2 features are ±(t + n1): the time left',
    ]);
  });

  test('weights that are nearly whole are said to be so: they drift', () => {
    const text = formatExplanation(clock({ clock: [-0.97], nac: [1, -0.98, 0.99, -1] }));
    expect(text.split('\n').slice(3)).toEqual([
      '  clock: its one weight is nearly −1, 0 or 1',
      '    n1 ≈ n1 − 1, from 0 at the start',
      '  nac: each of 4 weights is nearly −1, 0 or 1',
      '    2 features are about ±(t + n1): about the time left, up to a factor',
    ]);
  });

  test('any cell is read: sums, products, and what is compared with a clock', () => {
    const config = parseConfig({ pathway: 'cell-clock', nacWidth: 2 });
    const parameters = {
      'cell/w': Float32Array.of(0.97, 1),
      'clock/w_hat': Float32Array.of(30),
      'clock/m_hat': Float32Array.of(30),
      'nac/w_hat': Float32Array.of(30, -30, -30, 30),
      'nac/m_hat': Float32Array.of(30, 30, 30, 30),
    };
    const told = ['p', 'b'];
    const arithmetic = arithmeticOf(
      trainedAccumulators(createPathway(config, told, 5), parameters),
      null,
    );
    const pathway = 'cell-clock';
    const text = formatExplanation({ ...facts, pathway, instruction: told, arithmetic });
    expect(text.split('\n').slice(3)).toEqual([
      '  cell (nmu): each of 2 weights is nearly whole',
      '    m1 ≈ p · b',
      '  clock: its one weight is −1, 0 or 1',
      '    n1 = n1 + 1, from 0 at the start',
      '  nac: each of 4 weights is −1, 0 or 1',
      '    2 features are ±(p · b − n1)',
    ]);
  });

  test('of a large unit the strongest weights are named', () => {
    const config = parseConfig({ pathway: 'nalu', nacWidth: 5 });
    const pathway = createPathway(config, ['t'], 5);
    const size = 7 * 5;
    const parameters = {
      'nalu/w_hat': new Float32Array(size).fill(0.4),
      'nalu/m_hat': new Float32Array(size),
      'nalu/gate': new Float32Array(size),
    };
    const arithmetic = arithmeticOf(trainedAccumulators(pathway, parameters), 't');
    const text = formatExplanation({ ...facts, pathway: 'nalu', instruction: ['t'], arithmetic });
    expect(text).toContain('  nalu: of 35 weights, 0 are nearly whole, 0 nearly 0, 35 neither');
    expect(text).toMatch(/^ {4}strongest, as factor or power: n1 ← 0\.19·t, /m);
  });

  test('every number that is told is named', () => {
    const instruction = instructionNames(2);
    const config = parseConfig({ pathway: 'nac-stateless', nacWidth: 1 });
    const parameters = {
      'nac/w_hat': Float32Array.of(9, -9),
      'nac/m_hat': Float32Array.of(30, 30),
    };
    const arithmetic = arithmeticOf(
      trainedAccumulators(createPathway(config, instruction, 5), parameters),
      null,
    );
    const text = formatExplanation({
      ...facts,
      ...{ pathway: 'nac-stateless', instruction, arithmetic },
      otherNumbers: [
        { option: 'first', symbol: 't1', meaning: 'first time', trained: [4, 7], fixed: 5 },
      ],
    });
    expect(text).toContain('t1 (first time), trained on 4 to 7: fixed at 5');
    expect(text).toContain('t1 − t2');
    expect(text).toContain('nothing in it counts');
  });

  test('a failure is said with the episode that shows it', () => {
    const tried = [12, 13, 14].map((number) => ({ number, exact: number > 13 ? 0.2 : 1 }));
    const episode = { index: 3, steps: 15, arrived: true };
    const first = { ...tried[2]!, episode };
    const explained = { ...clock({ clock: [1], nac: [1, 1, 1, 1] }) };
    const text = formatExplanation({ ...explained, failure: { upTo: 1000, tried, first } });
    expect(text.split('\n').slice(-2)).toEqual([
      'It fails first at t = 14: 20 % exact, where at t = 13 it still has at least 90 % of 100 episodes exact.',
      '  its first failing episode, number 3 of the evaluation, arrives after 15 steps',
    ]);
    const none = { upTo: 1000, tried: [{ number: 1000, exact: 1 }], first: null };
    expect(formatExplanation({ ...explained, failure: none })).toMatch(
      /No failure was found: .* tried up to 1,000 \(1,000\)\.$/,
    );
  });
});
