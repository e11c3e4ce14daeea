import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { make, OptionError } from '../../env/index.ts';
import { errorMessage } from '../../src/common/error-message.ts';
import {
  describeSystemError,
  Failure,
  reportingSystemErrors,
  UsageError,
} from '../../src/common/errors.ts';

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('no error was thrown');
}

describe('errorMessage', () => {
  test('a mistake of the user has exit code 2, a failure 1', () => {
    expect(errorMessage(new UsageError('so'))).toEqual({ message: 'so', exitCode: 2 });
    expect(errorMessage(new OptionError('so'))).toEqual({ message: 'so', exitCode: 2 });
    expect(errorMessage(errorOf(() => make('TimedGird-v0')))).toMatchObject({ exitCode: 2 });
    expect(errorMessage(new Failure('so'))).toEqual({ message: 'so', exitCode: 1 });
  });

  test('an error of the file system says what, where and why', () => {
    expect(errorMessage(errorOf(() => fs.readFileSync('/nowhere/at/all')))).toEqual({
      message: expect.stringMatching(
        /^cannot open \/nowhere\/at\/all: it, or a folder above it, does not exist/,
      ),
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

test.each([
  ['ENOENT', () => fs.readFileSync('/no/such/file'), 'it, or a folder above it, does not exist'],
  ['ENOTDIR', () => fs.mkdirSync('/dev/null/run'), 'a file where a folder is needed'],
  ['EISDIR', () => fs.writeFileSync('/', ''), 'it is a folder where a file is needed'],
  ['EEXIST', () => fs.mkdirSync('/tmp'), 'it already exists'],
  ['ENAMETOOLONG', () => fs.mkdirSync(`/tmp/${'x'.repeat(300)}`), 'the name is too long'],
])('%s is explained without its code', (code, action, explanation) => {
  const error = errorOf(action);
  expect(error).toMatchObject({ code });
  const sentence = describeSystemError(error, 'write', 'runs/nac');
  expect(sentence).toMatch(/^cannot write runs\/nac: /);
  expect(sentence).toContain(explanation);
  expect(sentence).not.toContain(code);
});

test('an unknown error of the system keeps its words', () => {
  const error = Object.assign(new Error('EODD: odd'), { code: 'EODD', syscall: 'open' });
  expect(describeSystemError(error, 'write', 'x')).toBe('cannot write x: EODD: odd');
});

test('only an error of the system becomes a failure', () => {
  const missing = () => reportingSystemErrors('read', 'a', () => fs.readFileSync('/no/such/file'));
  expect(errorOf(missing)).toMatchObject({ name: 'Failure', cause: { code: 'ENOENT' } });
  const mistake = new TypeError('a mistake in the program');
  const faulty = () =>
    reportingSystemErrors('read', 'x', () => {
      throw mistake;
    });
  expect(errorOf(faulty)).toBe(mistake);
});
