import { expect, test } from 'vitest';
import { MoveQueue } from '../../viewer/move-queue.ts';

function movesOf(...actions: number[]): MoveQueue {
  const moves = new MoveQueue();
  for (const action of actions) moves.add(action);
  return moves;
}

test('moves are sent one by one, each after the answer to the one before', () => {
  const moves = movesOf(3, 1);
  expect(moves.next()).toEqual({ step: 0, action: 3 });
  expect(moves.next()).toBeNull();
  moves.answer(1);
  expect(moves.next()).toEqual({ step: 1, action: 1 });
  moves.answer(1);
  expect(moves.next()).toBeNull();
  moves.add(2);
  expect(moves.next()).toEqual({ step: 2, action: 2 });
});

test('after a reconnection, answered moves are repeated first, then the one that awaited its answer', () => {
  const moves = movesOf(3, 1, 2);
  moves.next();
  moves.answer(1);
  moves.next();
  expect(moves.repeat(1)).toEqual([3]);
  expect(moves.next()).toBeNull();
  moves.answer(1);
  expect(moves.next()).toEqual({ step: 1, action: 1 });
});

test('a refused move is dropped with those after it', () => {
  const moves = movesOf(3, 9, 9);
  moves.next();
  moves.answer(1);
  moves.next();
  moves.refuse();
  expect(moves.next()).toBeNull();
  moves.add(1);
  expect(moves.next()).toEqual({ step: 1, action: 1 });
});
