import { describe, expect, test } from 'vitest';
import type { Env, EnvSpec } from '../../env/index.ts';
import {
  EnvVector,
  findSpec,
  make,
  OptionError,
  register,
  TimedGrid,
  WorldError,
} from '../../env/index.ts';
import { brokenWorlds, options } from './broken-worlds.ts';

const isSeenAtWork = (rule: string) =>
  /^(answers-at-once|result-complete|into-returned|observation-bounds|reward-finite|flags-boolean|state-json)$/.test(
    rule,
  );

/** Plays a vector whose second world is of the kind given, and takes its state now and then. */
function play(make: () => Env, share?: { first: number; of: number }): void {
  const worlds = [new TimedGrid(options), make(), new TimedGrid(options)];
  const vector = new EnvVector(worlds, share && { share });
  const batch = vector.allocate();
  vector.reset({ seeds: [1, 2, 3] }, batch);
  for (let step = 0; step < 60; step++) {
    vector.step(Uint8Array.of(step % 5, (step * 3) % 5, 4), batch);
    vector.state();
  }
}

describe('a vector names the world, the step and the rule', () => {
  test.each(brokenWorlds.filter(([rule]) => isSeenAtWork(rule)))(
    '%s: %s',
    (rule, problem, make) => {
      const when = rule === 'state-json' ? 'state' : 'step \\d+ of an episode';
      expect(() => play(make)).toThrow(WorldError);
      expect(() => play(make)).toThrow(
        new RegExp(
          `^TimedGrid-v0 failed at ${when} \\(world 1 of 3\\): .+ \\(rule ${rule}: .+\\)$`,
        ),
      );
      // The sentence of the kit without the place, which is told in another way here.
      const plain = new RegExp(problem.source.replace(/ \\\(step .*/, ''));
      expect(() => play(make)).toThrow(plain);
    },
  );

  test.each([
    ['observation-dtype', { pixels: new Float32Array(432), instruction: new Float32Array(1) }],
    ['observation-shape', { pixels: new Uint8Array(3), instruction: new Float32Array(1) }],
    ['into-returned', { pixels: new Uint8Array(432), instruction: new Float32Array(1) }],
  ])('%s of an observation of its own', (rule, observation) => {
    const make = () => {
      const world = new TimedGrid(options);
      const step = world.step.bind(world);
      world.step = (action, into) => ({ ...step(action, into), observation: observation as never });
      return world;
    };
    expect(() => play(make)).toThrow(new RegExp(`at step 1 .* \\(rule ${rule}: `));
  });

  test('a metric that is no number', () => {
    const [, , make] = brokenWorlds.find(([, problem]) => /metric error/.test(problem.source))!;
    expect(() => play(make)).toThrow(/the metric error is NaN \(rule metrics-last: /);
  });

  test('what a world throws, whatever it is, at a step, a reset or a restore', () => {
    const throwing = (method: 'step' | 'reset' | 'restore', what: unknown) => () => {
      const world = new TimedGrid(options);
      world[method] = () => {
        throw what;
      };
      return world;
    };
    expect(() => play(throwing('step', new TypeError('no floor\nat all')))).toThrow(
      'TimedGrid-v0 failed at step 1 of an episode (world 1 of 3): no floor',
    );
    expect(() => play(throwing('step', 'no floor'), { first: 8, of: 16 })).toThrow(
      'TimedGrid-v0 failed at step 1 of an episode (world 9 of 16): the string "no floor"',
    );
    expect(() => play(throwing('reset', undefined))).toThrow(
      'TimedGrid-v0 failed at reset (world 1 of 3): undefined',
    );
    const vector = new EnvVector([throwing('restore', new Error('gone'))()]);
    const batch = vector.allocate();
    vector.reset({ seeds: [1] }, batch);
    expect(() => vector.restore(vector.state(), batch)).toThrow(
      'TimedGrid-v0 failed at restore (world 0 of 1): gone',
    );
    // A mistake of whoever chose the options is theirs.
    expect(() => vector.reset({ options: { tim: 1 } }, batch)).toThrow(OptionError);
  });

  test('a world that fails as its next episode is begun', () => {
    const make = () => {
      const world = new TimedGrid(options);
      const sound = world.reset.bind(world);
      world.reset = (args, into) => {
        if (args?.seed === undefined) throw new Error('no second start');
        return sound(args, into);
      };
      return world;
    };
    expect(() => play(make)).toThrow(
      'TimedGrid-v0 failed at reset (world 1 of 3): no second start',
    );
  });
});

describe('making a world that is none', () => {
  const making = (name: string, create: () => unknown) => {
    register({ ...findSpec('TimedGrid-v0'), id: `${name}-v0`, create } as EnvSpec);
    return () => make(`${name}-v0`);
  };

  test('names what is wrong', () => {
    const throwing = () => {
      throw new Error('no walls left');
    };
    expect(making('Throwing', throwing)).toThrow('Throwing-v0 could not be made: no walls left');
    const late = making('Late', () => Promise.reject(new Error('late')));
    expect(late).toThrow('Late-v0 could not be made: create returned a promise');
    expect(making('Nothing', () => undefined)).toThrow('create returned undefined');
    const spaceless = () => Object.assign(new TimedGrid(), { observationSpace: undefined });
    expect(making('Spaceless', spaceless)).toThrow(
      'Spaceless-v0 has malformed spaces: observationSpace.pixels is undefined, not a Box',
    );
    expect(() => make('TimedGrid-v0', { tim: 1 })).toThrow(OptionError);
  });
});
