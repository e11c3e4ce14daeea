import { describe, expect, test } from 'vitest';
import { withoutPassword } from '../../src/common/without-password.ts';
import { queueAddress } from '../../src/queue/address.ts';

const read = queueAddress('--queue', {});

test('an address says host, port, database, user, password and prefix, and is shown without user and password', () => {
  expect(read('redis://host')).toEqual({
    ...{ host: 'host', port: 6379, db: 0, isSecure: false, prefix: '' },
    shown: 'redis://host:6379',
  });
  expect(read('rediss://ann:p%40s%2Fs@[::1]:6380/3?keyPrefix=lab:')).toEqual({
    ...{ host: '::1', port: 6380, db: 3, isSecure: true, prefix: 'lab:' },
    ...{ username: 'ann', password: 'p@s/s' },
    shown: 'rediss://[::1]:6380/3?keyPrefix=lab:',
  });
  expect(read('redis://:only@host')).toMatchObject({ password: 'only' });
});

test('where the address has no password, REDISCLI_AUTH has it', () => {
  const given = queueAddress('--queue', { REDISCLI_AUTH: 'from outside' });
  expect(given('redis://host')).toMatchObject({ password: 'from outside' });
  expect(given('redis://:own@host')).toMatchObject({ password: 'own' });
});

test.each([
  ['host:6379', /^--queue takes the address of a Redis, such as .*; it begins with redis:\/\/$/],
  ['http://host', /http:\/\/ is another protocol$/],
  ['redis://', /it names no host$|this is none/],
  ['redis://:se#cret@host', /this is none; in a password, write characters such as/],
  ['redis://:secret@host/runs', /the number of the database, such as \/0$/],
  ['redis://:secret@host?keyprefix=a', /it has no "keyprefix": did you mean "keyPrefix"\?$/],
  ['redis://:secret@host?keyPrefix=%00', /visible ASCII characters, without braces$/],
])('%j is refused, and its password is not quoted', (text, message) => {
  expect(() => read(text)).toThrow(message);
  try {
    read(text);
  } catch (error) {
    expect((error as Error).message).not.toMatch(/se.?cret/);
  }
});

describe('addresses lose their passwords', () => {
  test.each([
    ['redis://:secret@host', 'redis://host'],
    ['--queue=rediss://ann:p@ss@host:1/2', '--queue=rediss://host:1/2'],
    ['timegrid worker REDIS://a:b@h', 'timegrid worker REDIS://h'],
    ['nothing@all', 'nothing@all'],
  ])('%j', (given, shown) => {
    expect(withoutPassword(given)).toBe(shown);
  });
});
