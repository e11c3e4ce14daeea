import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { make, OptionError } from '../../env/index.ts';
import { errorMessage } from '../../src/common/error-message.ts';
import { Failure, UsageError } from '../../src/common/errors.ts';

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('complaint', () => {
  test('a mistake in what was asked for is exit code 2', () => {
    expect(errorMessage(new UsageError('so'))).toEqual({ message: 'so', exitCode: 2 });
    expect(errorMessage(new OptionError('so'))).toEqual({ message: 'so', exitCode: 2 });
    const unknownWorld = errorMessage(thrownBy(() => make('TimedGird-v0')));
    expect(unknownWorld).toMatchObject({ exitCode: 2 });
  });

  test('a failure is exit code 1', () => {
    expect(errorMessage(new Failure('so'))).toEqual({ message: 'so', exitCode: 1 });
  });

  test('an error of the file system says what, where and why', () => {
    const error = thrownBy(() => readFileSync('/nowhere/at/all'));
    expect(errorMessage(error)).toEqual({
      message: expect.stringMatching(/^cannot open \/nowhere\/at\/all: it does not exist/),
      exitCode: 1,
    });
  });

  test.each([new TypeError('x is undefined'), 'x is undefined'])('%s is a bug', (error) => {
    expect(errorMessage(error)).toEqual({
      message: 'this is a bug: x is undefined (set TIMEGRID_DEBUG=1 to see the stack)',
      exitCode: 1,
    });
  });
});
