import * as z from 'zod';
import type { Env, Json, Observation, ResetArguments, StepResult } from '../../env/index.ts';
import { OptionError, TimedGrid } from '../../env/index.ts';

/** Options of the sound world that the broken ones are made from. */
export const options = { size: 3, pixels: 12, timeMin: 3, timeMax: 6, slack: 4 };

/** A grid with one of its methods or fields made otherwise; what it becomes need not be a world. */
type Change = { readonly [Name in keyof Env]?: unknown };

/** @param change given the sound methods, called `sound`, what is put in their place */
function changed(change: (sound: Env) => Change): () => Env {
  return () => {
    const world = new TimedGrid(options);
    const sound = Object.fromEntries(
      METHODS.map((name) => [name, (world[name] as () => unknown).bind(world)]),
    );
    return Object.assign(world, change({ ...world, ...sound } as unknown as Env)) as Env;
  };
}

const METHODS = ['reset', 'step', 'render', 'position', 'state', 'restore', 'close'] as const;

/** A world whose steps are given otherwise. */
const stepping = (alter: (result: StepResult, count: number, into?: Observation) => unknown) =>
  changed((sound) => {
    let count = 0;
    return {
      step: (action: number, into?: Observation) => alter(sound.step(action, into), ++count, into),
    };
  });

const reset = (sound: Env, args?: ResetArguments, into?: Observation) => sound.reset(args, into);
const spec = new TimedGrid().spec;

let latestSeed: unknown;
const common = new Uint8Array(options.pixels ** 2 * 3);

/** Worlds by the one rule that each breaks, each with what is told of it. */
export const brokenWorlds: readonly [rule: string, problem: RegExp, make: () => Env][] = [
  ['world-made', /promise/, () => Promise.reject(new Error('late')) as never],
  [
    'world-made',
    /no walls left/,
    () => {
      throw new Error('no walls left');
    },
  ],
  ['world-made', /no method restore/, changed(() => ({ restore: undefined }))],
  [
    'spec-complete',
    /the string "Nameless"/,
    changed(() => ({ spec: { ...spec, id: 'Nameless' } })),
  ],
  [
    'spaces-well-formed',
    /2 names for 5 actions/,
    changed(() => ({
      actionSpace: { n: 5, names: ['on', 'off'], contains: () => true },
    })),
  ],
  ['spaces-well-formed', /pixels is undefined/, changed(() => ({ observationSpace: {} }))],
  [
    'throws-nothing',
    /step threw “the floor gave way” at step \d+ of episode \d+/,
    stepping((result, count) => {
      if (count === 30) throw new Error('the floor gave way');
      return result;
    }),
  ],
  [
    'answers-at-once',
    /step returned a promise/,
    stepping(async () => {
      throw new Error('much later');
    }),
  ],
  ['result-complete', /step returned undefined/, stepping(() => undefined)],
  ['result-complete', /undefined as info/, stepping(({ info: _, ...result }) => result)],
  [
    'into-returned',
    /another observation/,
    changed((sound) => ({
      step: (action: number) => sound.step(action),
    })),
  ],
  [
    'into-returned',
    /replaced an array/,
    stepping((result, _, into) => {
      if (into) Object.assign(into, { pixels: common });
      return result;
    }),
  ],
  [
    'observation-dtype',
    /instruction .* type Array/,
    stepping((result, _, into) =>
      into ? result : { ...result, observation: { ...result.observation, instruction: [5] } },
    ),
  ],
  [
    'observation-shape',
    /has 433 elements, not the 432 of \[12, 12, 3\]/,
    stepping((result, _, into) =>
      into
        ? result
        : { ...result, observation: { ...result.observation, pixels: new Uint8Array(433) } },
    ),
  ],
  [
    'observation-bounds',
    /element 0 of instruction is NaN/,
    stepping((result) => {
      result.observation.instruction[0] = Number.NaN;
      return result;
    }),
  ],
  ['reward-finite', /the reward is NaN/, stepping((result) => ({ ...result, reward: Number.NaN }))],
  [
    'reward-finite',
    /the reward is the string "1"/,
    stepping((result) => ({ ...result, reward: '1' })),
  ],
  ['flags-boolean', /truncated is 0/, stepping((result) => ({ ...result, truncated: 0 }))],
  [
    'flags-boolean',
    /both true/,
    stepping((result) => ({ ...result, truncated: result.terminated || result.truncated })),
  ],
  [
    'metrics-last',
    /has not ended/,
    stepping((result) => ({ ...result, info: { metrics: { exact: 0, arrived: 0 } } })),
  ],
  [
    'metrics-last',
    /the metric error is NaN/,
    stepping((result) =>
      result.info.metrics
        ? { ...result, info: { metrics: { ...result.info.metrics, error: Number.NaN } } }
        : result,
    ),
  ],
  [
    'state-json',
    /state\(\)\.map is a value of type Uint8Array/,
    changed((sound) => ({
      state: () => ({ ...(sound.state() as object), map: new Uint8Array(3) }),
    })),
  ],
  [
    'render-frame',
    /not the 468 of 13 × 12 × 3/,
    changed((sound) => ({ render: () => ({ ...sound.render(), height: 13 }) })),
  ],
  ['position-within', /x is 1.5/, changed(() => ({ position: () => ({ x: 1.5, y: 0 }) }))],
  [
    'same-seed',
    /reward is/,
    stepping((result) => ({ ...result, reward: result.reward - Math.random() })),
  ],
  [
    'other-seed',
    /all give the same/,
    changed((sound) => ({
      reset: (args: ResetArguments, into?: Observation) => reset(sound, { ...args, seed: 1 }, into),
    })),
  ],
  [
    'first-reset-draws',
    /all give the same/,
    changed((sound) => {
      let isFirst = true;
      return {
        reset(args: ResetArguments = {}, into?: Observation) {
          const seed = args.seed ?? (isFirst ? 0 : undefined);
          isFirst = false;
          return reset(sound, { ...args, seed }, into);
        },
        restore(state: Json, into?: Observation) {
          isFirst = false;
          return sound.restore(state, into);
        },
      };
    }),
  ],
  [
    'reset-goes-on',
    /the same episode again/,
    changed((sound) => {
      let seed: ResetArguments['seed'] | null = null;
      return {
        reset(args: ResetArguments = {}, into?: Observation) {
          seed = args.seed ?? seed;
          return reset(sound, { ...args, seed: seed ?? undefined }, into);
        },
        state: () => ({ grid: sound.state(), seed: sound.state() && seed }) as Json,
        restore(state: Json, into?: Observation) {
          const { grid, ...own } = (state ?? {}) as { grid?: Json; seed?: string };
          const seen = sound.restore(grid ?? null, into);
          seed = own.seed ?? null;
          return seen;
        },
      };
    }),
  ],
  [
    'into-written',
    /of instruction is \d in one and 77 in the other/,
    changed((sound) => ({
      step(action: number, into?: Observation) {
        const before = into?.instruction[0];
        const result = sound.step(action, into);
        if (into) into.instruction[0] = before!;
        return result;
      },
    })),
  ],
  [
    'observation-fresh',
    /the same array came back/,
    changed((sound) => {
      const own = { pixels: new Uint8Array(common.length), instruction: new Float32Array(1) };
      return { step: (action: number, into?: Observation) => sound.step(action, into ?? own) };
    }),
  ],
  [
    'observation-fresh',
    /two worlds returned the same array/,
    changed((sound) => ({
      reset: (args: ResetArguments, into?: Observation) =>
        reset(sound, args, into ?? { pixels: common, instruction: new Float32Array(1) }),
    })),
  ],
  [
    'observation-not-kept',
    /written to again/,
    changed((sound) => {
      let kept: Observation | undefined;
      return {
        step(action: number, into?: Observation) {
          kept?.pixels.fill(5);
          kept = into;
          return sound.step(action, into);
        },
      };
    }),
  ],
  [
    'worlds-apart',
    /alongside another world/,
    changed((sound) => ({
      reset(args?: ResetArguments, into?: Observation) {
        if (args?.seed !== undefined) latestSeed = String(args.seed);
        return reset(sound, args, into);
      },
      step(action: number, into?: Observation) {
        const result = sound.step(action, into);
        return { ...result, reward: result.reward - (latestSeed === '7' ? 0 : 0.001) };
      },
    })),
  ],
  [
    'reset-first',
    /step before the first reset was accepted/,
    changed((sound) => {
      let begun = false;
      return {
        reset(args: ResetArguments, into?: Observation) {
          begun = true;
          return reset(sound, args, into);
        },
        step(action: number, into?: Observation) {
          if (!begun && sound.actionSpace.contains(action)) {
            try {
              return sound.step(action, into);
            } catch {
              sound.reset();
            }
          }
          return sound.step(action, into);
        },
      };
    }),
  ],
  [
    'end-refuses-steps',
    /the last, was accepted/,
    changed((sound) => {
      let last: StepResult | undefined;
      return {
        reset(args: ResetArguments, into?: Observation) {
          last = undefined;
          return reset(sound, args, into);
        },
        step(action: number, into?: Observation) {
          if (last?.terminated || last?.truncated) return last;
          last = sound.step(action, into);
          return last;
        },
      };
    }),
  ],
  [
    'action-refused',
    /the action -1 was accepted/,
    changed((sound) => ({
      step: (action: number, into?: Observation) => sound.step(action === -1 ? 4 : action, into),
    })),
  ],
  [
    'options-default',
    /option "size" has no description/,
    changed(() => ({
      spec: { ...spec, options: spec.options.safeExtend({ size: z.int().default(5) }) },
    })),
  ],
  [
    'options-refused',
    /was accepted/,
    changed(() => ({
      spec: { ...spec, create: () => new TimedGrid() },
    })),
  ],
  [
    'reset-options-refused',
    /was accepted/,
    changed((sound) => ({
      reset: ({ seed, options: given }: ResetArguments = {}, into?: Observation) =>
        reset(
          sound,
          { seed, options: given?.time ? { time: given.time } : undefined } as ResetArguments,
          into,
        ),
    })),
  ],
  [
    'number-declared',
    /option the string "tim" is none of reset's: time/,
    changed(({ number }) => ({
      number: { ...number, option: 'tim' },
    })),
  ],
  [
    'number-declared',
    /otherNumbers\[0\]: place is 1, where the instruction has 1 elements/,
    changed(({ number }) => ({
      otherNumbers: [{ ...number, symbol: 'u', place: 1 }],
    })),
  ],
  [
    'number-declared',
    /otherNumbers\[0\]: its option, time, is that of t too/,
    changed(({ number }) => ({ otherNumbers: [{ ...number, symbol: 'u' }] })),
  ],
  [
    'number-declared',
    /stepsEach is the string "pace", the option of no other number/,
    changed(({ number }) => ({ number: { ...number, stepsEach: 'pace' } })),
  ],
  [
    'number-declared',
    /there are otherNumbers, but no number/,
    changed(({ number }) => ({ number: undefined, otherNumbers: [number] })),
  ],
  [
    'number-accepted',
    /t = 6: reset threw OptionError/,
    changed((sound) => ({
      reset(args: ResetArguments = {}, into?: Observation) {
        if (Number(args.options?.time) > 5) throw new OptionError('at most 5');
        return reset(sound, args, into);
      },
    })),
  ],
  [
    'number-matters',
    /give the same episode/,
    changed((sound) => ({
      reset({ seed, options: given }: ResetArguments = {}, into?: Observation) {
        if (given) new TimedGrid(options).reset({ options: given });
        return reset(sound, seed === undefined ? {} : { seed }, into);
      },
    })),
  ],
  [
    'number-metrics',
    /arrived is undefined/,
    stepping((result) =>
      result.info.metrics ? { ...result, info: { metrics: { exact: 0 } } } : result,
    ),
  ],
  [
    'metrics-declared',
    /the metric succes is not declared; did you mean success\?/,
    changed((sound) => ({
      spec: { ...sound.spec, metrics: ['success'] },
      step(action: number, into?: Observation) {
        const result = sound.step(action, into);
        const { metrics } = result.info;
        return metrics ? { ...result, info: { metrics: { ...metrics, succes: 1 } } } : result;
      },
    })),
  ],
  [
    'number-can-be-exact',
    /canBeExact is 1/,
    changed((sound) => ({
      reset(args?: ResetArguments, into?: Observation) {
        return { ...sound.reset(args, into), info: { canBeExact: 1 } };
      },
    })),
  ],
  [
    'number-max-reward',
    /more than 0.5/,
    changed(({ number }) => ({ number: { ...number, maxReward: 0.5 } })),
  ],
  [
    'render-changes-nothing',
    /two pictures of one state differ/,
    changed((sound) => {
      let count = 0;
      return {
        render() {
          const frame = sound.render();
          frame.pixels[0] = count++;
          return frame;
        },
      };
    }),
  ],
  [
    'state-changes-nothing',
    /after its state was taken, reward/,
    changed((sound) => {
      let taken = 0;
      return {
        state: () => {
          taken++;
          return sound.state();
        },
        step(action: number, into?: Observation) {
          const result = sound.step(action, into);
          return { ...result, reward: result.reward - 0.001 * taken };
        },
      };
    }),
  ],
  [
    'state-restores',
    /continued from a state after step 1 of episode 1, reward/,
    stepping((result, count) => ({
      ...result,
      reward: result.reward - 0.001 * (count % 3),
    })),
  ],
  [
    'state-restores',
    /shows another observation/,
    changed((sound) => ({
      restore(state: Json, into?: Observation) {
        const seen = sound.restore(state, into);
        seen.pixels.reverse();
        return seen;
      },
    })),
  ],
  [
    'state-refused',
    /restore\({}\) was accepted/,
    changed((sound) => ({
      restore: (state: Json, into?: Observation) =>
        sound.restore(JSON.stringify(state) === '{}' ? sound.state() : state, into),
    })),
  ],
  [
    'close-twice',
    /close, call 2, threw Error “closed already”/,
    changed(() => {
      let closed = false;
      return {
        close() {
          if (closed) throw new Error('closed already');
          closed = true;
        },
      };
    }),
  ],
  [
    'vector-same',
    /of pixels is/,
    stepping((result, _, into) => {
      if (into) new Uint8Array(into.pixels.buffer).set(into.pixels);
      return result;
    }),
  ],
];
