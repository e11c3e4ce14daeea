import { expect, test } from 'vitest';
import * as z from 'zod';
import { variantsOf } from '../../src/study/grid.ts';
import { planStudy } from '../../src/study/plan-study.ts';
import type { AgentSpec, StudySpec } from '../../src/study/study-file.ts';

const plan = (agents: Record<string, Partial<AgentSpec>>, change: Partial<StudySpec> = {}) =>
  planStudy({ numbers: '5', agents, ...change } as StudySpec, { folder: 'out' });
const namesOf = async (...given: Parameters<typeof plan>): Promise<string[]> =>
  (await plan(...given)).agents.map(({ name }) => name);

test('a list of values makes an agent of each, named by its value', async () => {
  const { title, agents, runs } = await plan(
    { nac: { agent: 'nac', about: 'One.', set: { learningRate: [3e-4, 1e-3], lstm: 64 } } },
    { seeds: [1, 2] },
  );
  expect(title).toBe('nac');
  expect(agents).toEqual([
    { name: 'nac, learningRate 0.0003', about: 'One.' },
    { name: 'nac, learningRate 0.001', about: 'One.' },
  ]);
  expect(runs.map(({ label, path }) => [label, path])).toEqual([
    ['nac, learningRate 0.0003, seed 1', 'out/runs/nac-learningrate-0-0003-1'],
    ['nac, learningRate 0.001, seed 1', 'out/runs/nac-learningrate-0-001-1'],
    ['nac, learningRate 0.0003, seed 2', 'out/runs/nac-learningrate-0-0003-2'],
    ['nac, learningRate 0.001, seed 2', 'out/runs/nac-learningrate-0-001-2'],
  ]);
  expect(runs.map(({ settings: { config } }) => [config.learningRate, config.lstm])).toEqual([
    ...[
      [3e-4, 64],
      [1e-3, 64],
      [3e-4, 64],
      [1e-3, 64],
    ],
  ]);
  // The same run as where its value is written out.
  const alone = await plan({ x: { agent: 'nac', set: { learningRate: 1e-3, lstm: 64 } } });
  expect(alone.runs[0]!.key).toBe(runs[1]!.key);
});

test('several lists make their product, with options of the world and what all agents share', async () => {
  expect(
    await namesOf(
      {
        nac: { agent: 'nac', set: { lstm: [32, 64] }, envOptions: { size: [4, 5] } },
        base: { agent: 'baseline', set: { steps: 5 } },
      },
      { set: { steps: [10, 20], nacWidth: 4 } },
    ),
  ).toEqual([
    ...[10, 20].flatMap((steps) =>
      [32, 64].flatMap((lstm) =>
        [4, 5].map((size) => `nac, steps ${steps}, lstm ${lstm}, size ${size}`),
      ),
    ),
    // Its own value overrides the list, and a NAC's width is nothing to it.
    'base',
  ]);
});

test('a setting that takes a list makes a grid only of a list of such lists', async () => {
  const one = [{ filters: 8, size: 4, stride: 4 }];
  const two = [...one, { filters: 8, size: 2, stride: 2 }];
  expect(await namesOf({ nac: { agent: 'nac', set: { convolutions: two } } })).toEqual(['nac']);
  const { agents, runs } = await plan({
    nac: { agent: 'nac', about: 'Sizes', set: { convolutions: [one, two] } },
  });
  expect(agents).toEqual([
    {
      name: 'nac, convolutions no. 1',
      about: 'Sizes; convolutions no. 1 is [{"filters":8,"size":4,"stride":4}]',
    },
    {
      name: 'nac, convolutions no. 2',
      about:
        'Sizes; convolutions no. 2 is [{"filters":8,"size":4,"stride":4},{"filters":8,"size":2,"stride":2}]',
    },
  ]);
  expect(runs.map(({ settings }) => settings.config.convolutions)).toEqual([one, two]);
  const colour = (groundColour: unknown) =>
    namesOf({ nac: { agent: 'nac', envOptions: { groundColour } } });
  expect(await colour([0, 0, 9])).toEqual(['nac']);
  expect(
    await colour([
      [0, 0, 9],
      [9, 0, 0],
    ]),
  ).toEqual(['nac, groundColour [0,0,9]', 'nac, groundColour [9,0,0]']);
});

test('further evaluations name all of a grid, or one of it', async () => {
  const further = [
    { agents: ['nac'], numbers: 50 },
    { agents: ['nac, lstm 64'], numbers: 60 },
  ];
  const { runs } = await plan({ nac: { agent: 'nac', set: { lstm: [32, 64] } } }, { further });
  expect(runs.map(({ occasions }) => occasions.map(({ numbers }) => numbers[0]))).toEqual([
    ...[
      [5, 50],
      [5, 50, 60],
    ],
  ]);
});

test.each<[string, Parameters<typeof plan>, RegExp]>([
  [
    'an empty list',
    [{ nac: { agent: 'nac', set: { lstm: [] } } }],
    /^the study, agent "nac": "lstm" is an empty list: give it a value, or several to compare$/,
  ],
  [
    'a value twice',
    [{ nac: { agent: 'nac', set: { learningRate: [0.001, 1e-3] } } }],
    /^the study, agent "nac": "learningRate" lists 0\.001 twice: give each value once$/,
  ],
  [
    'a value that cannot be',
    [{ nac: { agent: 'nac', set: { lstm: [32, 'many'] } } }],
    /^the study, agent "nac, lstm many": .*"lstm" .* not "many"$/,
  ],
  [
    'a list within a list',
    [{ nac: { agent: 'nac', set: { lstm: [[32], 64] } } }],
    /^the study, agent "nac, lstm \[32\]": .*"lstm"/,
  ],
  [
    'a list for a setting that takes one, but not that',
    [{ nac: { agent: 'nac', set: { convolutions: [] } } }],
    /^the study, agent "nac": .*"convolutions"/,
  ],
  [
    'an unknown setting',
    [{ nac: { agent: 'nac', set: { lstn: [32, 64] } } }],
    /^the study, agent "nac": .* has no option "lstn"; did you mean "lstm"\?$/,
  ],
  [
    'the pathway, which is no setting',
    [{ nac: { agent: 'nac', set: { pathway: ['nac', 'nalu'] } } }],
    /an agent has no option "pathway": choose the agent with --agent nac$/,
  ],
  [
    'a setting that does nothing for one of them',
    [{ nac: { agent: 'nac', set: { optimizer: ['adam', 'rmsprop'], adamBeta1: 0.8 } } }],
    /^the study, agent "nac, optimizer rmsprop": adamBeta1 does nothing without optimizer=adam/,
  ],
  [
    'a shared list that makes no difference',
    [
      { a: { agent: 'nac', set: { optimizer: 'rmsprop' } }, b: { agent: 'nac' } },
      { set: { adamBeta1: [0.8, 0.7] } },
    ],
    /^the study, agent "a": "a, adamBeta1 0\.8" and "a, adamBeta1 0\.7" are the same training: leave out the list/,
  ],
  [
    'a name that is taken',
    [{ nac: { agent: 'nac', set: { lstm: [32, 64] } }, 'nac lstm-64': { agent: 'nac' } }],
    /the agents "nac, lstm 64" and "nac lstm-64" would share one folder/,
  ],
  [
    'more runs than anybody can wait for',
    [
      { nac: { agent: 'nac', set: { lstm: Array.from({ length: 1001 }, (_, i) => i + 1) } } },
      { seeds: '1..100' },
    ],
    /^the study declares 100100 runs, and a study has at most 100000: list fewer values or seeds$/,
  ],
  [
    'a name too long for a folder',
    [{ ['n'.repeat(201)]: { agent: 'nac' } }],
    /the name of the agent "n+" is too long for a folder's: make it shorter/,
  ],
  [
    'an unknown agent of a further evaluation',
    [
      { nac: { agent: 'nac', set: { lstm: [32, 64] } } },
      { further: [{ agents: ['nac, lstm 65'], numbers: 9 }] },
    ],
    /"further" number 1: "agents" takes nac, nac, lstm 32 or nac, lstm 64, not "nac, lstm 65"; did you mean "nac, lstm 6/,
  ],
])('%s is refused in a sentence that says where', async (_, given, message) => {
  await expect(plan(...given)).rejects.toThrow(message);
});

test('signs of numbers are told apart in folders', () => {
  const schema = z.strictObject({ bias: z.number() });
  const variants = variantsOf('own', { set: { values: { bias: [-1, 1] }, schema } });
  expect(variants.map(({ name, values }) => [name, values.set])).toEqual([
    ['own, bias minus 1', { bias: -1 }],
    ['own, bias 1', { bias: 1 }],
  ]);
});
