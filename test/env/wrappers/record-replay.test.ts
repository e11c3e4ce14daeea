import fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import {
  type Env,
  EnvVector,
  findSpec,
  Grayscale,
  make,
  type RecordedEpisode,
  RecordReplay,
  register,
  StochasticAction,
  TimeLimit,
  wrapSpec,
} from '../../../env/index.ts';
import { ReplaySource } from '../../../src/server/replay-source.ts';

const folder = fs.mkdtempSync(join(tmpdir(), 'timegrid-'));
afterAll(() => fs.rmSync(folder, { recursive: true }));

const options = { size: 3, pixels: 9, timeMin: 2, timeMax: 4 };
register(
  wrapSpec(
    findSpec('TimedGrid-v0'),
    'SlipperyGrid-v0',
    (env) => new StochasticAction(env, { probability: 0.5 }),
    (env) => new Grayscale(env),
  ),
);

/** What `timegrid watch FILE` says of a record. */
function verdictOf(record: RecordedEpisode) {
  const file = join(folder, `${record.seed}.json`);
  fs.writeFileSync(file, JSON.stringify(record));
  return new ReplaySource(file).verdicts;
}

/** Plays episodes in two worlds begun by autoreset, the state of one saved and restored on the way. */
function recorded(id: string, wrap: (env: Env) => Env, when?: (episode: number) => boolean) {
  const records: RecordedEpisode[] = [];
  const several = (): EnvVector =>
    new EnvVector(
      [0, 1].map(
        () =>
          new RecordReplay(wrap(make(id, options)), { onEpisode: (e) => records.push(e), when }),
      ),
    );
  let vector = several();
  const batch = vector.allocate();
  vector.reset({ seeds: [1, 2] }, batch);
  for (let t = 0; t < 90; t++) {
    vector.step(Int32Array.of((t * 7) % 5, (t * t) % 5), batch);
    if (t % 9 !== 8) continue;
    const state = JSON.parse(JSON.stringify(vector.state()));
    vector = several();
    vector.restore(state, batch);
  }
  return records;
}

test.each([
  ['TimedGrid-v0', (env: Env) => env],
  ['SlipperyGrid-v0', (env: Env) => env],
  ['TimedGrid-v0', (env: Env) => new TimeLimit(new Grayscale(env), { steps: 6 })],
] as const)('what is recorded of %s is played again, to the last picture', (id, wrap) => {
  const records = recorded(id, wrap);
  expect(records.length).toBeGreaterThan(8);
  for (const record of records) {
    expect(record.world).toEqual({ id, options: make(id, options).options });
    const steps = record.panes[0].actions.length;
    expect(steps).toBeGreaterThan(0);
    expect(verdictOf(record)).toEqual([{ name: 'recorded', steps, differsAt: null }]);
  }
  const worth = records.map(({ panes: [{ rewards }] }) => rewards.at(-1));
  expect(new Set(worth).size).toBeGreaterThan(1);
});

test('a record of another world than `make` makes differs where it does', () => {
  const slips = (env: Env) => new StochasticAction(env, { probability: 0.8 });
  const verdicts = recorded('TimedGrid-v0', slips).flatMap(verdictOf);
  expect(verdicts.some(({ differsAt }) => differsAt !== null)).toBe(true);
});

test('only the episodes that are wanted are recorded', () => {
  const all = recorded('TimedGrid-v0', (env) => env);
  const some = recorded(
    'TimedGrid-v0',
    (env) => env,
    (episode) => episode % 3 === 1,
  );
  expect(some).toEqual(all.filter(({ seed }) => seed % 3 === 1));
  expect(some.length).toBeGreaterThan(1);
});

test('an episode given up is not handed over, and a long one is cut', () => {
  const records: RecordedEpisode[] = [];
  const world = make('TimedGrid-v0', { ...options, slack: 3000, size: 4 });
  const env = new RecordReplay(world, { onEpisode: (e) => records.push(e), name: 'me' });
  env.reset({ seed: 1 });
  env.step(4);
  env.reset();
  while (!env.step(4).truncated);
  expect(records.map(({ seed, panes }) => [seed, panes[0].actions.length])).toEqual([[1, 2048]]);
  expect(verdictOf(records[0]!)).toEqual([{ name: 'me', steps: 2048, differsAt: null }]);
});
