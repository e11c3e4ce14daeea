import { describe, expect, test } from 'vitest';
import { checkEnv } from '../../env/conformance/index.ts';
import type { Env, Observation } from '../../env/index.ts';
import {
  EnvVector,
  RecordEpisodeStatistics,
  TimedGrid,
  TimeLimit,
  Wrapper,
  wrapSpec,
} from '../../env/index.ts';
import { findSpec } from '../../env/registry.ts';
import { WorldEpisode } from '../../src/play/world-episode.ts';

type Metrics = Readonly<Record<string, number>>;

/** A small timed grid whose last results are changed. */
class Changed extends Wrapper {
  readonly #change: (metrics: Metrics) => Metrics;
  readonly #bonus: number;

  constructor(env: Env, change: (metrics: Metrics) => Metrics, bonus = 0) {
    super(env, { spec });
    this.#change = change;
    this.#bonus = bonus;
  }

  override step(action: number, into?: Observation) {
    const result = super.step(action, into);
    const { metrics } = result.info;
    if (!metrics) return result;
    const info = { metrics: this.#change(metrics) };
    return { ...result, reward: result.reward + this.#bonus, info };
  }
}

const spec = { ...findSpec('TimedGrid-v0'), metrics: ['success'], create: () => sound() };
const grid = () => new TimedGrid({ size: 3, pixels: 24, timeMin: 3, timeMax: 6 });
const sound = () => new Changed(grid(), (metrics) => ({ ...metrics, success: 1 }));
const renamed = (from: string, to: string) => () =>
  new Changed(grid(), ({ [from]: value, ...others }) => ({ ...others, [to]: value ?? 0 }));

const faults: readonly (readonly [string, RegExp, () => Env])[] = [
  [
    'a metric that is not declared',
    /the metric succes is not declared; did you mean success\? \(rule metrics-declared: /,
    () => new Changed(grid(), (metrics) => ({ ...metrics, succes: 1 })),
  ],
  [
    'a metric of the number that is misspelt',
    /exact is undefined, but there is a metric success \(rule number-metrics: /,
    renamed('exact', 'success'),
  ],
  [
    'an episode worth more than the maximum',
    /an episode was worth \S+, more than 10 \(rule number-max-reward: /,
    () => new Changed(grid(), (metrics) => metrics, 20),
  ],
];

/** Steps a vector until an episode has ended. */
function play(world: Env): void {
  const vector = new EnvVector([world]);
  const batch = vector.allocate();
  vector.reset({ seeds: ['1'] }, batch);
  const actions = Int32Array.of(4);
  do vector.step(actions, batch);
  while (!vector.terminated[0] && !vector.truncated[0]);
}

describe('an episode as a whole is checked where it is played', () => {
  test.each(faults)('%s', (_, sentence, make) => {
    const failed = /^TimedGrid-v0 failed at step \d+ of an episode/;
    expect(() => play(make())).toThrow(sentence);
    expect(() => play(make())).toThrow(failed);
    const episode = new WorldEpisode(make(), { seed: '1', number: 3 });
    const wait = () => episode.stepAll(new Array(100).fill(4));
    expect(wait).toThrow(sentence);
  });

  test.each(faults)('and judged by the kit: %s', (_, sentence, make) => {
    const [, rule] = /rule ([\w-]+)/.exec(sentence.source)!;
    const { rules } = checkEnv(make, { steps: 60 });
    const broken = rules.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id);
    expect(broken).toContain(rule);
  });

  test('a sound world, its statistics and a limit of its time are let through', () => {
    expect(() => play(sound())).not.toThrow();
    const wrapped = wrapSpec(
      spec,
      'Limited-v0',
      (env) => new TimeLimit(env, { steps: 2 }),
      (env) => new RecordEpisodeStatistics(env),
    );
    expect(() => play(wrapped.create())).not.toThrow();
  });
});
