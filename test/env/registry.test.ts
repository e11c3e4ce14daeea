import { describe, expect, test } from 'vitest';
import {
  EnvError,
  findSpec,
  make,
  register,
  specs,
  TimedGrid,
  UnknownEnvError,
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
