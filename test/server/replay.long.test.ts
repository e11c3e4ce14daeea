import fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ReplaySource } from '../../dist/src/server/replay-source.js';
import { make } from '../../env/index.ts';
import type { Replay } from '../../src/play/replay.ts';
import { timegrid } from '../cli/timegrid.ts';
import { temporaryFolder } from '../run/temporary.ts';
import { type Page, pageOf, serverOf, watchedPair } from '../watch/watching.ts';

/** An episode as the page records it. */
async function recorded(branch?: {
  at: number;
  number: number;
}): Promise<{ replay: Replay; page: Page }> {
  const { page } = await watchedPair();
  const request = { number: 9, seed: 3, policy: 'sample' as const, ...(branch && { branch }) };
  page.send({ kind: 'episode', id: 1, horizon: 2048, ...request });
  await page.ends(1, 2);
  const { world, agents } = await page.hello();
  const panes = agents.map(({ name, pathway, seed, frames, checkpoint }, agent) => {
    const steps = page.steps(1, agent);
    return {
      ...{ name, run: { pathway, seed, frames, checkpoint }, start: page.begin(1, agent)!.picture },
      actions: steps.map(({ action }) => action),
      rewards: steps.map(({ reward }) => reward),
      pictures: steps.map(({ picture }) => picture),
    };
  });
  const replay: Replay = {
    ...{ format: 'timegrid-replay', version: 1, panes, ...request },
    world: { id: world.id, options: world.options },
  };
  return { replay, page };
}

function saved(replay: unknown): string {
  const path = join(temporaryFolder(), 'replay.json');
  fs.writeFileSync(path, typeof replay === 'string' ? replay : JSON.stringify(replay));
  return path;
}

describe.each([undefined, { at: 2, number: 40 }])('a recorded episode, branch %o', (branch) => {
  test('is played and verified without its agents', async () => {
    const { replay, page } = await recorded(branch);
    const source = new ReplaySource(saved(replay));
    expect(source.verdicts.map(({ name, differsAt }) => [name, differsAt])).toEqual([
      ['baseline', null],
      ['nac', null],
    ]);
    const viewer = await pageOf(await serverOf(source));
    const hello = await viewer.hello();
    const steps = Math.max(...replay.panes.map(({ actions }) => actions.length));
    const which = { number: 9, seed: 3, policy: 'sample' as const, ...(branch && { branch }) };
    expect(hello.replay).toEqual({ ...which, steps });
    viewer.send({ kind: 'episode', id: 4, ...which, horizon: 2048 });
    const ends = await viewer.ends(4, 2);
    for (const { agent, differsAt, how, return: sum } of ends) {
      expect(differsAt).toBeNull();
      const original = page.of('end').find((end) => end.agent === agent)!;
      expect([how, sum]).toEqual([original.how, original.return]);
      const facts = (step: { action: number; reward: number; picture: number }) => [
        ...[step.action, step.reward, step.picture],
      ];
      expect(viewer.steps(4, agent).map(facts)).toEqual(page.steps(1, agent).map(facts));
      expect(viewer.steps(4, agent)[0]).toMatchObject({ probabilities: null, value: null });
    }
    for (const [id, other] of [{ seed: 4 }, { branch: { at: 1, number: 5 } }].entries()) {
      const error = viewer.error();
      viewer.send({ kind: 'episode', id, ...which, ...other, horizon: 1 });
      expect(await error).toMatchObject({ id, code: 'out-of-range' });
    }
  });
});

test('the first step that is not as recorded is named', async () => {
  const { replay } = await recorded();
  const [first, second] = replay.panes as [Replay['panes'][0], Replay['panes'][0]];
  const wrongPicture = { ...first, pictures: first.pictures.with(2, first.pictures[2]! + 1) };
  const last = second.rewards.length - 1;
  const wrongReward = { ...second, rewards: second.rewards.with(last, 99) };
  const path = saved({ ...replay, panes: [wrongPicture, wrongReward] });
  expect(new ReplaySource(path).verdicts.map(({ differsAt }) => differsAt)).toEqual([2, last]);
  const viewer = await pageOf(await serverOf(new ReplaySource(path)));
  viewer.send({ kind: 'episode', id: 4, number: 9, seed: 3, policy: 'sample', horizon: 2048 });
  const ends = await viewer.ends(4, 2);
  expect(ends.map(({ agent, differsAt }) => [agent, differsAt]).sort()).toEqual([
    [0, 2],
    [1, last],
  ]);
  const outcome = await timegrid(['watch', path, '--verify']);
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stdout).toContain('baseline: differs from the recording at step 2');
  expect(outcome.stderr).toContain('does not happen as recorded');

  const start = { ...first, start: first.start + 1 };
  const { actions, rewards, pictures } = first;
  const more = { actions: [...actions, 0], rewards: [...rewards, 0], pictures: [...pictures, 0] };
  const both = saved({ ...replay, panes: [start, { ...first, ...more }] });
  expect(new ReplaySource(both).verdicts.map(({ differsAt }) => differsAt)).toEqual([
    ...[0, actions.length],
  ]);
  const whole = await timegrid(['watch', saved(replay), '--verify']);
  expect(whole).toMatchObject({ exitCode: 0, stderr: '' });
  expect(whole.stdout).toContain(`nac: all ${second.actions.length} steps happen as recorded`);
});

test('a person in a replay is called one, and nobody else is', async () => {
  const { replay } = await recorded();
  const [first] = replay.panes as [Replay['panes'][0]];
  const panes = [first, { ...first, name: 'you', run: null }];
  const people = ({ agents }: ReplaySource) => agents.map(({ name, person }) => [name, person]);
  expect(people(new ReplaySource(saved({ ...replay, panes })))).toEqual([
    ['baseline', false],
    ['you', true],
  ]);
  // What a program recorded, no seed began.
  const world = make(replay.world.id, replay.world.options);
  world.reset({ seed: 1 });
  const from = world.state();
  expect(people(new ReplaySource(saved({ ...replay, from, panes: [panes[1]] })))).toEqual([
    ['you', false],
  ]);
});

test('as many panes are played as the page can save: four agents and a person', async () => {
  const pane = { run: null, start: 1, actions: [4], rewards: [0], pictures: [1] };
  const file = {
    ...{ format: 'timegrid-replay', version: 1, number: 5, seed: 1, policy: 'greedy' },
    world: { id: 'TimedGrid-v0', options: {} },
    panes: ['a', 'b', 'c', 'd', 'You'].map((name) => ({ ...pane, name })),
  };
  const source = new ReplaySource(saved(file));
  expect(source.agents.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'You']);
  const viewer = await pageOf(await serverOf(source));
  viewer.send({ kind: 'episode', id: 1, number: 5, seed: 1, policy: 'greedy', horizon: 8 });
  await viewer.ends(1, 5);
});

describe('a file that cannot be played is one sentence', () => {
  const replay: Replay = {
    ...{ format: 'timegrid-replay', version: 1, number: 5, seed: 1, policy: 'greedy' },
    world: { id: 'TimedGrid-v0', options: {} },
    panes: [{ name: 'a', run: null, start: 1, actions: [4], rewards: [0], pictures: [1] }],
  };
  const [pane] = replay.panes as [Replay['panes'][0]];
  const cases: [string, unknown, RegExp][] = [
    ['no JSON', '{', /neither a run's folder nor a replay/],
    ['something else', { a: 1 }, /is not a valid replay: format: /],
    ['a later version', { ...replay, version: 2 }, /version: /],
    [
      'another world',
      { ...replay, world: { id: 'Timedgrid-v0', options: {} } },
      /json: unless --env names its file or package, there is no world "Timedgrid-v0"; did you mean "TimedGrid-v0"\?$/,
    ],
    [
      'an unknown option',
      { ...replay, world: { id: 'TimedGrid-v0', options: { siz: 5 } } },
      /no option "siz"; did you mean "size"/,
    ],
    ['too few rewards', { ...replay, panes: [{ ...pane, rewards: [] }] }, /1 actions, 0 rewards/],
    [
      'an impossible action',
      { ...replay, panes: [{ ...pane, actions: [5] }] },
      /from 0 to 4, not 5/,
    ],
    ['six panes', { ...replay, panes: Array(6).fill(pane) }, /panes/],
  ];
  test.each(cases)('%s', (_, file, sentence) => {
    const path = saved(file);
    expect(() => new ReplaySource(path)).toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringMatching(sentence) }),
    );
  });
});
