import { expect, test } from 'vitest';
import { describeKeys, keysOf, signsOf } from '../../viewer/action-signs.ts';

const GRID = ['up', 'down', 'left', 'right', 'pass'];
const TWELVE = [...GRID, 'drop', 'done', 'take', 'toggle', 'fire', 'jump', 'dig'];

test('every action has a short sign of its own', () => {
  expect(signsOf(GRID)).toEqual(['↑', '↓', '←', '→', '•']);
  expect(signsOf(TWELVE.slice(5))).toEqual(['dr', 'do', 'ta', 'to', 'f', 'j', 'di']);
  expect(new Set(signsOf(TWELVE)).size).toBe(12);
  expect(signsOf(['go', 'gone'])).toEqual(['go', 'gon']);
});

test('every action has a key of its own, that of an arrow where it is one', () => {
  const keys = keysOf(TWELVE);
  expect(GRID.map((name) => keys.get(name))).toEqual([
    ...['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', ' '],
  ]);
  expect(TWELVE.slice(5).map((name) => keys.get(name))).toEqual([...'1234567']);
  const many = Array.from({ length: 30 }, (_, action) => `action ${action}`);
  expect(new Set(keysOf(many).values()).size).toBe(30);
});

test('the keys of a play are said in a few words, or listed', () => {
  expect(describeKeys(GRID, 2)).toBe('arrow keys move, space waits, Esc ends');
  expect(describeKeys(['take', 'wait'], 2)).toBe('1 take, 2 wait, Esc ends');
  expect(describeKeys(TWELVE, 2)).toBe(
    'arrow keys move, space waits, keys 1 to 7: see ?, Esc ends',
  );
  expect(describeKeys(TWELVE)).toContain('1 drop, 2 done, 3 take, 4 toggle');
});
