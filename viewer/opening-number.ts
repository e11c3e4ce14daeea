import { CHARTED, openingNumber } from '../src/watch/opening-number.ts';
import { rowsKey, type State } from './state.ts';

/** The number that a page without an address shows first; null if the world tells none. */
export const firstNumber = ({ world, agents, rows }: State): number | null =>
  world?.number
    ? openingNumber(
        world.number,
        agents.map((_, agent) => rows.get(rowsKey(agent, 'greedy')) ?? []),
      )
    : null;

/** The numbers whose results a page shows: those that the server plays by itself, and those that this page has shown. */
export const isCharted = (
  number: number,
  trained: readonly [number, number],
  shown: ReadonlySet<number>,
): boolean => number <= CHARTED * trained[1] || shown.has(number);
