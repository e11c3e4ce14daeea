import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { planStudy, planStudyFile } from '../../src/study/plan-study.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));
let count = 0;
const write = (content: unknown): string => {
  const path = join(folder, `study-${++count}.json`);
  fs.writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const read = (content: unknown) => planStudyFile(write(content), 'out');
const agents = {
  baseline: { agent: 'baseline' },
  'Clock, no dropout': { agent: 'nac-clock', set: { memoryDropout: 0 } },
};

test('every agent is run with every seed, with the settings of all and its own', async () => {
  const { title, frames, runs } = await read({
    title: 'Two',
    frames: '3k',
    seeds: '4..5',
    numbers: '5..7,20',
    envOptions: { size: 4 },
    set: { lstm: 32 },
    agents: { ...agents, first: { agent: 'nac', envOptions: { instruction: 'first' } } },
  });
  expect({ title, frames }).toEqual({ title: 'Two', frames: 3000 });
  expect(runs.map(({ path }) => path)).toEqual([
    'out/runs/baseline-4',
    'out/runs/clock-no-dropout-4',
    'out/runs/first-4',
    'out/runs/baseline-5',
    'out/runs/clock-no-dropout-5',
    'out/runs/first-5',
  ]);
  const [baseline, clock, first] = runs;
  expect(baseline).toMatchObject({
    agent: 'baseline',
    seed: 4,
    result: 'out/results/baseline-4.json',
    occasions: [{ numbers: [5, 6, 7, 20], episodes: 200 }],
  });
  expect(clock!.settings.config).toMatchObject({
    ...{ pathway: 'nac-clock', memoryDropout: 0, pull: 0.6, lstm: 32 },
  });
  expect(clock!.settings.env.options).toMatchObject({ size: 4, instruction: 'always' });
  expect(first!.settings.env.options).toMatchObject({ size: 4, instruction: 'first' });
});

test('some agents and seeds are asked for more', async () => {
  const { runs } = await read({
    seeds: [1, 2],
    numbers: 12,
    agents,
    further: [
      { agents: ['Clock, no dropout'], numbers: '10000', episodes: 3 },
      { agents: ['baseline', 'Clock, no dropout'], seeds: [2], numbers: [20, 30] },
    ],
  });
  const asked = runs.map(({ agent, seed, occasions }) => [agent, seed, ...occasions.slice(1)]);
  const far = { numbers: [10_000], episodes: 3 };
  const near = { numbers: [20, 30], episodes: 200 };
  expect(asked).toEqual([
    ['baseline', 1],
    ['Clock, no dropout', 1, far],
    ['baseline', 2, near],
    ['Clock, no dropout', 2, far, near],
  ]);
});

test('an agent has seeds of its own', async () => {
  const { runs } = await read({
    seeds: '1..2',
    numbers: 12,
    agents: { ...agents, many: { agent: 'nac', seeds: '2..4' } },
    further: [{ agents: ['many', 'baseline'], seeds: [2, 3], numbers: 20 }],
  });
  expect(runs.map(({ agent, seed, occasions }) => [agent, seed, occasions.length])).toEqual([
    ['baseline', 1, 1],
    ['Clock, no dropout', 1, 1],
    ['baseline', 2, 2],
    ['Clock, no dropout', 2, 1],
    ['many', 2, 2],
    ['many', 3, 2],
    ['many', 4, 1],
  ]);
});

describe('refused in one sentence that says where', () => {
  const study = (change: object) => ({ numbers: '5', agents, ...change });
  test.each<[string, unknown, RegExp]>([
    ['what is no JSON', '{"agents": ', /study-\d+\.json is not JSON: /],
    [
      'a mistyped key that is needed',
      '{"agnts": {}}',
      /has no option "agnts"; did you mean "agents"\?$/,
    ],
    ['no agents', '{}', /option "agents" \(the agents by name\) is missing: it takes an object/],
    ['an unknown key', study({ seed: 1 }), /has no option "seed"; did you mean "seeds"\?$/],
    ['no agent', study({ agents: {} }), /"agents" names no agent$/],
    [
      'an unknown agent',
      study({ agents: { a: { agent: 'nac-clok' } } }),
      /study-\d+\.json, agent "a": "agent": there is no agent "nac-clok"; did you mean "nac-clock"\?$/,
    ],
    [
      'an unknown key of an agent',
      study({ agents: { a: { agent: 'nac', sets: {} } } }),
      /agent "a" has no option "sets"; did you mean "set"\?$/,
    ],
    [
      'a configuration key that there is not',
      study({ agents: { a: { agent: 'nac', set: { lstn: 3 } } } }),
      /agent "a": .* has no option "lstn"; did you mean "lstm"\?$/,
    ],
    [
      'an option that the world does not have',
      study({ envOptions: { sise: 3 } }),
      /agent "baseline": TimedGrid-v0 has no option "sise"; did you mean "size"\?$/,
    ],
    [
      'seeds that could be two things',
      study({ seeds: 3 }),
      /"seeds" 3 could mean seed 3 or 3 seeds/,
    ],
    ['seeds that are none', study({ seeds: '3..1' }), /"seeds" takes .* did you mean "1..3"\?$/],
    [
      'frames that are none',
      study({ frames: 'many' }),
      /"frames" takes a whole number .* not "many"$/,
    ],
    [
      'names that would share a folder',
      study({ agents: { 'a b': { agent: 'nac' }, 'A-B': { agent: 'nac' } } }),
      /agents "a b" and "A-B" would share one folder/,
    ],
    [
      'a time that the world refuses',
      study({ further: [{ agents: ['baseline'], numbers: 99_999_999 }] }),
      /study-\d+\.json, agent "baseline", "numbers": .*"time" .* not 99999999$/,
    ],
    [
      'a world that is not there',
      study({ env: './none.ts' }),
      /study-\d+\.json: "env": there is no file .*none\.ts/,
    ],
    [
      'agents that earn different maxima',
      study({
        agents: { ...agents, rich: { agent: 'nac', envOptions: { maxReward: 20 } } },
      }),
      /agent "baseline" can earn 10 at most and .*agent "rich" 20: compare runs of worlds with the same maximum reward$/,
    ],
    [
      'a network that cannot be made of these pixels',
      study({ set: { convolutions: [{ filters: 4, size: 99, stride: 1 }] } }),
      /study-\d+\.json, agent "baseline": .*99/,
    ],
    [
      'more episodes than anybody can wait for',
      study({ further: [{ agents: ['baseline'], numbers: 3, episodes: 9e14 }] }),
      /"further" number 1: option "episodes" .* from 1 to 1000000, not 900000000000000$/,
    ],
    [
      'a further agent that there is not',
      study({ further: [{ agents: ['basline'], numbers: 3 }] }),
      /"further" number 1: "agents" takes .*, not "basline"; did you mean "baseline"\?$/,
    ],
    [
      'a further seed that nobody is trained with',
      study({ seeds: '1..3', further: [{ agents: ['baseline'], numbers: 3, seeds: [4] }] }),
      /"further" number 1: "seeds" names seed 4, which none of these agents is trained with; their seeds are 1, 2, 3$/,
    ],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });

  test('a file that does not exist, with the closest one', async () => {
    write(study({}));
    await expect(planStudyFile(join(folder, 'studdy-1.json'), 'out')).rejects.toThrow(
      /^there is no file .*studdy-1\.json; did you mean .*study-1\.json\?$/,
    );
    await expect(planStudyFile(join(folder, 'none', 'a.json'), 'out')).rejects.toThrow(
      /^there is no file .*a\.json$/,
    );
  });
});

test('a study needs no file, no title and no numbers', async () => {
  const { title, frames, runs } = await planStudy({ agents, frames: 3000 }, { folder: 'out' });
  expect({ title, frames }).toEqual({ title: 'baseline and Clock, no dropout', frames: 3000 });
  const { numbers } = runs[0]!.occasions[0]!;
  expect([numbers[0], numbers.at(-1)]).toEqual([5, 30]);
  await expect(planStudy({ agents: {} }, { folder: 'out' })).rejects.toThrow(
    /^the study: "agents" names no agent$/,
  );
});

test('the studies of this repository can be read', async () => {
  for (const name of fs.readdirSync('studies').filter((one) => one.endsWith('.json'))) {
    const { runs } = await planStudyFile(join('studies', name), 'out');
    expect(runs.length, name).toBeGreaterThan(1);
  }
});

test('what is kept of a training is declared for all of them, and makes them no others', async () => {
  const [plain] = (await read({ agents })).runs;
  const { runs } = await read({ agents, keepCheckpoints: 12 });
  expect(runs.map(({ keep }) => keep)).toEqual([12, 12]);
  expect(runs[0]!.key).toBe(plain!.key);
  expect(plain).not.toHaveProperty('keep');
  await expect(read({ agents, keepCheckpoints: 1 })).rejects.toThrow(/"keepCheckpoints"/);
});
