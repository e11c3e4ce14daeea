import { describe, expect, test } from 'vitest';
import {
  ClipReward,
  type Env,
  EnvError,
  FrameStack,
  findSpec,
  Grayscale,
  make,
  OrderEnforcing,
  RecordEpisodeStatistics,
  register,
  StochasticAction,
  TimedGrid,
  TimeLimit,
  TransformReward,
  unwrapped,
  Wrapper,
  wrapSpec,
} from '../../../env/index.ts';
import { Corridor } from '../corridor.ts';

const [STAY, ON] = [0, 1];
/** A corridor whose agent stands in the first of its places. */
const STARTS_FIRST = 1;

function corridorAt(place: number): { env: Corridor; seed: number } {
  const env = new Corridor();
  for (let seed = 0; ; seed++) {
    env.reset({ seed });
    if ((env.state() as { place: number }).place === place) return { env, seed };
  }
}

describe('TimeLimit', () => {
  const { env: inside, seed } = corridorAt(STARTS_FIRST);

  test('truncates the last step, and lets the world terminate at that very step', () => {
    const env = new TimeLimit(inside, { steps: 2 });
    env.reset({ seed });
    expect(env.step(ON)).toMatchObject({ terminated: false, truncated: false });
    expect(env.step(ON)).toMatchObject({ terminated: false, truncated: true, info: {} });
    expect(() => env.step(ON)).toThrow('reset it before the next step');
    const exact = new TimeLimit(inside, { steps: 3 });
    exact.reset({ seed });
    exact.step(ON);
    exact.step(ON);
    expect(exact.step(ON)).toMatchObject({ terminated: true, truncated: false, reward: 1 });
  });

  test('says of a world with a number that it was not followed', () => {
    const env = new TimeLimit(new TimedGrid(), { steps: 1 });
    env.reset({ seed: 0 });
    const { info, truncated } = env.step(4);
    expect({ info, truncated }).toEqual({
      info: { metrics: { exact: 0, arrived: 0 } },
      truncated: true,
    });
  });

  test.each([0, 1.5, Number.NaN])('refuses %d steps', (steps) => {
    expect(() => new TimeLimit(inside, { steps })).toThrow('a whole number of at least 1');
  });
});

describe('OrderEnforcing', () => {
  /** A world that lets everything happen. */
  class Sloppy extends Wrapper {
    override step(action: number) {
      try {
        return super.step(action);
      } catch {
        const observation = this.allocate();
        return { observation, reward: 0, terminated: false, truncated: true, info: {} };
      }
    }
  }
  const newEnv = () => new OrderEnforcing(new Sloppy(new TimedGrid()));

  test('wants a reset first', () => {
    const env = newEnv();
    for (const use of [
      () => env.step(0),
      () => env.render(),
      () => env.state(),
      () => env.position!(),
    ]) {
      expect(use).toThrow(/^TimedGrid-v0: reset it before /);
    }
  });

  test('wants one after an episode too, and nothing once closed', () => {
    const env = newEnv();
    env.reset({ seed: 1 });
    env.step(9);
    expect(() => env.step(0)).toThrow('the episode is over');
    const restored = newEnv();
    restored.restore(env.state());
    expect(() => restored.step(0)).toThrow('the episode is over');
    env.reset();
    env.step(4);
    env.close();
    env.close();
    for (const use of [() => env.step(0), () => env.reset(), () => env.render()]) {
      expect(use).toThrow('it is closed');
    }
  });
});

test('RecordEpisodeStatistics sums episodes up and keeps the latest', () => {
  const { env: inside, seed } = corridorAt(STARTS_FIRST);
  const recorder = new RecordEpisodeStatistics(inside, { window: 2 });
  const env = new ClipReward(recorder, { low: 0 });
  const play = (...actions: number[]) => {
    env.reset({ seed });
    return actions.map((action) => env.step(action)).at(-1)!;
  };
  const last = play(STAY, ON, STAY, ON, ON);
  expect(last.reward).toBe(1);
  expect(last.info).toEqual({
    metrics: { stays: 2, return: 0 },
    episode: { return: 0, length: 5 },
  });
  play(ON, ON, ON);
  play(STAY, STAY);
  expect(play(STAY, ON, ON, ON).info.episode).toEqual({ return: 0.5, length: 4 });
  expect(recorder.latest).toEqual([
    { return: 1, length: 3 },
    { return: 0.5, length: 4 },
  ]);
});

describe('FrameStack', () => {
  /** The corridor's first two pixels, frame by frame. */
  const seen = ({ pixels }: { pixels: Uint8Array }, frames: number) =>
    Array.from({ length: frames }, (_, f) => [pixels[f * 3], pixels[frames * 3 + f * 3]]);

  test('shows the latest frames, oldest first, and begins each episode with its own', () => {
    const { env: inside, seed } = corridorAt(0);
    const env = new FrameStack(inside, { frames: 3 });
    expect(env.observationSpace.pixels.shape).toEqual([1, 4, 9]);
    const [start, next] = [
      [255, 0],
      [0, 255],
    ];
    expect(seen(env.reset({ seed }).observation, 3)).toEqual([start, start, start]);
    expect(seen(env.step(ON).observation, 3)).toEqual([start, start, next]);
    expect(seen(env.step(STAY).observation, 3)).toEqual([start, next, [1, 255]]);
    expect(seen(env.reset({ seed }).observation, 3)).toEqual([start, start, start]);
    const black = new FrameStack(inside, { frames: 2, padding: 'zero' });
    expect(seen(black.reset({ seed }).observation, 2)).toEqual([[0, 0], start]);
    black.step(ON);
    expect(seen(black.reset({ seed }).observation, 2)).toEqual([[0, 0], start]);
  });

  test('refuses a state of another number of frames, or of no stack', () => {
    const { env: inside } = corridorAt(0);
    const state = new FrameStack(inside, { frames: 3 }).state();
    const other = new FrameStack(inside, { frames: 2 });
    expect(() => other.restore(state)).toThrow('FrameStack of 2 frames of 12 bytes');
    expect(() => other.restore(inside.state())).toThrow(
      'not a state of a world in a FrameStack: the same wrappers',
    );
  });
});

describe('Grayscale', () => {
  const options = { size: 2, pixels: 2, agentColour: [10, 200, 30], targetColour: [255, 0, 0] };

  test('weighs red, green and blue as the eye does, in one channel for each frame', () => {
    const env = new Grayscale(make('TimedGrid-v0', options));
    expect(env.observationSpace.pixels.shape).toEqual([2, 2, 1]);
    const { pixels, instruction } = env.reset({ seed: 1, options: { time: 30 } }).observation;
    // 0.299 · 255 = 76.2; 0.299 · 10 + 0.587 · 200 + 0.114 · 30 = 123.8
    expect([...pixels].sort((a, b) => a - b)).toEqual([0, 0, 76, 124]);
    expect([...instruction]).toEqual([30]);
    expect(env.render().pixels).toHaveLength(12);
  });

  test('is the same before and after a stack of frames', () => {
    const [one, other] = [
      new Grayscale(new FrameStack(make('TimedGrid-v0'), { frames: 3 })),
      new FrameStack(new Grayscale(make('TimedGrid-v0')), { frames: 3 }),
    ];
    expect(one.reset({ seed: 2 })).toEqual(other.reset({ seed: 2 }));
    for (const action of [0, 1, 2, 3]) expect(one.step(action)).toEqual(other.step(action));
  });

  test('refuses what has no colours, and a world that writes elsewhere', () => {
    const grey = new Grayscale(make('TimedGrid-v0'));
    expect(() => new Grayscale(grey)).toThrow('TimedGrid-v0 shows 1 channels here');
    class Elsewhere extends TimedGrid {
      override step(action: number) {
        return super.step(action);
      }
    }
    const env = new Grayscale(new Elsewhere());
    env.reset({ seed: 1 });
    expect(() => env.step(1)).toThrow('did not write into the observation');
  });
});

test('ClipReward and TransformReward change rewards, and what the best is worth', () => {
  const clipped = new ClipReward(new TimedGrid(), { high: 4, maxReward: 4 });
  expect(clipped.number?.maxReward).toBe(4);
  const scaled = new TransformReward(new TimedGrid(), (r) => r / 5, { maxReward: 7 });
  expect(scaled.number?.maxReward).toBe(7);
  for (const maxReward of [undefined, 0, Number.NaN]) {
    expect(() => new ClipReward(make('TwoTimes-v0'), { maxReward })).toThrow(
      `ClipReward: say what an episode of TwoTimes-v0 that does exactly what its number says is now worth, { maxReward }: a number above 0, not ${maxReward}`,
    );
  }
  const { env: inside, seed } = corridorAt(3);
  const env = new ClipReward(inside, { low: -0.25, high: 0.75 });
  env.reset({ seed });
  expect(env.step(STAY).reward).toBe(-0.25);
  expect(env.step(ON).reward).toBe(0.75);
  const broken = new ClipReward(new TransformReward(inside, () => Number.NaN));
  broken.reset({ seed });
  expect(broken.step(ON).reward).toBeNaN();
  expect(() => new ClipReward(inside, { low: 2 })).toThrow(EnvError);
});

test('StochasticAction replaces as many actions as it should, and draws nothing of the world’s', () => {
  const env = new StochasticAction(new TimedGrid({ timeMax: 4000 }), { probability: 0.25 });
  const plain = new TimedGrid({ timeMax: 4000 });
  let [steps, replaced] = [0, 0];
  const taken = new Set<unknown>();
  expect(env.reset({ seed: 5 })).toEqual(plain.reset({ seed: 5 }));
  for (let i = 0; i < 3000; i++) {
    const { info, terminated, truncated } = env.step(4);
    steps++;
    if (info.tookAction !== undefined) replaced++;
    taken.add(info.tookAction);
    if (terminated || truncated) expect(env.reset()).toEqual(plain.reset());
  }
  expect(replaced / steps).toBeGreaterThan(0.22);
  expect(replaced / steps).toBeLessThan(0.28);
  expect(taken.size).toBe(6);
  expect(() => new StochasticAction(plain, { probability: 1.2 })).toThrow('from 0 to 1');
});

test('a wrapped world is a kind of world of its own', () => {
  const spec = wrapSpec(
    findSpec('TimedGrid-v0'),
    'ShortGreyGrid-v0',
    (env) => new TimeLimit(env, { steps: 20 }),
    (env) => new Grayscale(env),
  );
  register(spec);
  const env: Env = make('ShortGreyGrid-v0', { size: 3, pixels: 9 });
  expect(env.spec).toBe(spec);
  expect(env.options).toMatchObject({ size: 3, timeMax: 12 });
  expect(env.observationSpace.pixels.shape).toEqual([9, 9, 1]);
  expect(unwrapped(env)).toBeInstanceOf(TimedGrid);
  expect(() => make('ShortGreyGrid-v0', { pixls: 9 })).toThrow('did you mean "pixels"');
});
