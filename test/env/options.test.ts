import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { closestMatch, describeOptions, OptionError, parseOptions } from '../../env/index.ts';

const schema = z
  .strictObject({
    count: z.int().default(3).describe('how many'),
    most: z.int().max(9).default(9).describe('at most'),
    share: z.number().gt(0).max(1).default(0.5).describe('what share'),
    speed: z.number().min(0).default(1).describe('how fast'),
    loud: z.boolean().default(false).describe('whether it is heard'),
    mood: z.enum(['glad', 'sad']).default('glad').describe('how it feels'),
    name: z.string().optional().describe('what it is called'),
  })
  .refine(({ count, most }) => count <= most, 'count must be at most most');

test('defaults are filled in', () => {
  const defaults = { count: 3, most: 9, share: 0.5, speed: 1, loud: false, mood: 'glad' };
  expect(parseOptions('World-v0', schema)).toEqual(defaults);
  expect(parseOptions('World-v0', schema, { count: 4 })).toEqual({ ...defaults, count: 4 });
});

test('descriptions tell what each option takes', () => {
  expect(describeOptions(schema)).toEqual([
    { name: 'count', description: 'how many', takes: 'a whole number', default: 3 },
    { name: 'most', description: 'at most', takes: 'a whole number of at most 9', default: 9 },
    {
      name: 'share',
      description: 'what share',
      takes: 'a number above 0 and up to 1',
      default: 0.5,
    },
    { name: 'speed', description: 'how fast', takes: 'a number of at least 0', default: 1 },
    { name: 'loud', description: 'whether it is heard', takes: 'true or false', default: false },
    { name: 'mood', description: 'how it feels', takes: 'one of "glad", "sad"', default: 'glad' },
    { name: 'name', description: 'what it is called', takes: 'a value of type string' },
  ]);
});

describe('refusals name the world, the option, what was given and what would be right', () => {
  test.each([
    [{ cuont: 1 }, 'World-v0 has no option "cuont"; did you mean "count"?'],
    [{ xyzzy: 1 }, /World-v0 has no option "xyzzy"; the options are count, most, share/],
    [{ count: true }, 'World-v0: option "count" (how many) takes a whole number, not true'],
    [{ share: 0 }, 'option "share" (what share) takes a number above 0 and up to 1, not 0'],
    [{ share: Number.NaN }, 'not NaN'],
    [{ mood: 'sda' }, 'takes one of "glad", "sad", not "sda"'],
    [{ count: 10 }, 'World-v0: count must be at most most'],
    [[], 'the options of World-v0 must be an object of names and values, not []'],
    ['count', 'not "count"'],
  ])('%j', (given, message) => {
    expect(() => parseOptions('World-v0', schema, given)).toThrow(OptionError);
    expect(() => parseOptions('World-v0', schema, given)).toThrow(message);
  });
});

test('the closest match', () => {
  const names = ['size', 'pixels', 'timeMin', 'timeMax'];
  expect(closestMatch('piksels', names)).toBe('pixels');
  expect(closestMatch('timemax', names)).toBe('timeMax');
  expect(closestMatch('colour', names)).toBeUndefined();
  expect(closestMatch('size', [])).toBeUndefined();
});
