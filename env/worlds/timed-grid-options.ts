import * as z from 'zod';
import {
  colour,
  consistent,
  drawable,
  gridOptions,
  ordered,
  timeOptions,
  timeResetOptions,
} from './grid-options.ts';

interface Usual {
  readonly size: number;
  readonly pixels: number;
  readonly timeMin: number;
  readonly timeMax: number;
  readonly slack: number;
  readonly maxReward?: number;
}

/** What can be chosen about a timed grid, with the defaults of one of its ids. */
export const timedGridOptions = (usual: Usual) =>
  z
    .strictObject({
      ...gridOptions(usual),
      targetColour: colour.default([255, 0, 0]).describe('red, green and blue of the target'),
      ...timeOptions(usual),
    })
    .check(consistent((options) => [ordered(options, 'timeMin', 'timeMax'), drawable(options)]));

/** What can be chosen about one episode. */
export const resetOptions = timeResetOptions;

type Schema = ReturnType<typeof timedGridOptions>;
export type TimedGridInput = z.input<Schema>;
export type TimedGridOptions = z.infer<Schema>;
