import { describe, expect, test } from 'vitest';
import {
  type Env,
  EnvError,
  findSpec,
  inspectWorld,
  make,
  register,
  specs,
  TimedGrid,
  UnknownEnvError,
  withWorld,
} from '../../env/index.ts';
import { corridor } from './corridor.ts';

test('the timed grid is registered', () => {
  expect(specs().map(({ id }) => id)).toContain('TimedGrid-v0');
  const world = make('TimedGrid-v0', { size: 3 });
  expect(world).toBeInstanceOf(TimedGrid);
  expect(world.options.size).toBe(3);
});

test('a world of one’s own', () => {
  register({ ...corridor, id: 'Mine-v0' });
  register({ ...corridor, id: 'Mine-v2' });
  expect(findSpec('Mine-v2').summary).toBe(corridor.summary);
  expect(make('Mine-v0', { length: 9 }).options).toEqual({ length: 9 });
  expect(() => make('Mine-v1')).toThrow('the versions of Mine are Mine-v0, Mine-v2');
  expect(() => make('Mine')).toThrow('the versions of Mine are Mine-v0, Mine-v2');
});

describe('refusals', () => {
  test('an unknown id', () => {
    expect(() => make('TimedGird-v0')).toThrow(UnknownEnvError);
    expect(() => make('TimedGird-v0')).toThrow(
      'there is no world "TimedGird-v0"; did you mean "TimedGrid-v0"?',
    );
    expect(() => make('Chess-v5')).toThrow(/the worlds are .*TimedGrid-v0/);
    expect(() => make('TimedGrid-v3')).toThrow('the versions of TimedGrid are TimedGrid-v0');
  });

  test('registering twice', () => {
    expect(() => register(findSpec('TimedGrid-v0'))).toThrow('already registered as TimedGrid-v0');
  });

  test.each([
    '',
    'NoVersion',
    'v0',
    'With Space-v0',
    'Name-v',
    'Name-v0-v',
    'Name--3x3-v0',
    '-Name-v0',
  ])('the id "%s"', (id) => {
    expect(() => register({ ...corridor, id })).toThrow(EnvError);
  });
});

describe('inspecting a world', () => {
  test('tells what it declares, and makes and closes it once', () => {
    let [made, closed] = [0, 0];
    const create = (options?: object) => {
      made++;
      return Object.assign(new TimedGrid(options), { close: () => closed++ }) as Env;
    };
    register({ ...findSpec('TimedGrid-v0'), id: 'Counted-v0', create });
    const facts = inspectWorld('Counted-v0', { size: 3, pixels: 9 });
    expect(facts).toMatchObject({
      options: { size: 3, pixels: 9, timeMax: 12 },
      shape: { height: 9, width: 9, channels: 3, instruction: 1, actions: 5 },
      actions: ['up', 'down', 'left', 'right', 'pass'],
      number: { option: 'time', trained: [5, 12] },
    });
    expect(inspectWorld('Counted-v0', { pixels: 9, size: 3 })).toBe(facts);
    expect(inspectWorld('Counted-v0', facts.options)).toBe(facts);
    expect([made, closed]).toEqual([1, 1]);
    expect(inspectWorld('Counted-v0', { size: 4 }).options).toMatchObject({ size: 4 });
    expect([made, closed]).toEqual([2, 2]);
  });

  test('names a world that cannot be closed, unless something else went wrong first', () => {
    const close = () => {
      throw new Error('jammed');
    };
    const create = () => Object.assign(new TimedGrid(), { close }) as Env;
    register({ ...findSpec('TimedGrid-v0'), id: 'Jammed-v0', create });
    expect(() => inspectWorld('Jammed-v0')).toThrow(/ failed at close: jammed$/);
    const use = () => {
      throw new Error('misused');
    };
    expect(() => withWorld('Jammed-v0', {}, use)).toThrow(/^misused$/);
  });
});
