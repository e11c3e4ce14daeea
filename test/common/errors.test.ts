import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
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

describe('exit codes', () => {
  test('a usage error exits with 2, a failure with 1', () => {
    expect(new UsageError('x').exitCode).toBe(2);
    expect(new Failure('x').exitCode).toBe(1);
  });
});

describe('describeSystemError', () => {
  test.each([
    ['ENOENT', () => fs.readFileSync('/no/such/file'), 'it does not exist'],
    ['ENOTDIR', () => fs.mkdirSync('/dev/null/run'), 'a file where a folder is needed'],
    ['EISDIR', () => fs.writeFileSync('/', ''), 'it is a folder where a file is needed'],
    ['EEXIST', () => fs.mkdirSync('/tmp'), 'it exists already'],
    ['ENAMETOOLONG', () => fs.mkdirSync(`/tmp/${'x'.repeat(300)}`), 'the name is too long'],
  ])('%s, as the system raises it', (code, action, explanation) => {
    const error = errorOf(action);
    expect(error).toMatchObject({ code });
    const sentence = describeSystemError(error, 'write', 'runs/nac');
    expect(sentence).toMatch(/^cannot write runs\/nac: /);
    expect(sentence).toContain(explanation);
    expect(sentence).not.toContain(code);
  });

  test('an error that it does not know keeps the system’s words', () => {
    const error = Object.assign(new Error('EODD: odd'), { code: 'EODD', syscall: 'open' });
    expect(describeSystemError(error, 'write', 'x')).toBe('cannot write x: EODD: odd');
  });
});

describe('reportingSystemErrors', () => {
  test('turns an error of the system into a failure and keeps its cause', () => {
    const error = errorOf(() =>
      reportingSystemErrors('read', 'a.json', () => fs.readFileSync('/no/such/file')),
    );
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).cause).toMatchObject({ code: 'ENOENT' });
  });

  test('lets any other error through', () => {
    const mistake = new TypeError('a mistake in the program');
    expect(
      errorOf(() =>
        reportingSystemErrors('read', 'x', () => {
          throw mistake;
        }),
      ),
    ).toBe(mistake);
  });
});
