/** An episode on disk: enough to play it again and to see that the world still answers in the same way. */

import * as z from 'zod';

/** Steps after which an episode that is watched or saved is cut off, whatever the world says. */
export const MOST_STEPS = 16_384;
/** Players of one episode side by side: four agents and a person. */
export const MOST_PANES = 5;

export const whole = z.int().min(0);
export const action = whole.max(255);
export const moment = whole.max(MOST_STEPS);
const told = whole.max(2 ** 24);
/** The main number that the world tells: in most worlds a time. */
export const number = told.nullable().describe('null: the world draws it');
/** Values of the world's other numbers, by the names of their options; it draws those that are left out. */
export const others = z.record(z.string().max(100), told).optional();
export const seed = whole
  .max(1_000_000_000)
  .describe('index of the episode, as of timegrid evaluate');
export const policy = z.enum(['greedy', 'sample']);
/** From moment `at` on, the agents are told another main number. */
export const branch = z.strictObject({ at: moment, number: told }).optional();
/** A whole number that names a picture by its content, the same in every connection, server and replay file. */
export const picture = whole;
export const worldReference = z.strictObject({
  id: z.string(),
  options: z.record(z.string(), z.json()),
});
/** Who played, as far as a replay remembers. */
export const playerSchema = z.strictObject({
  /** `baseline`, `nac`, …; null as long as its training has not begun, and where nobody knows. */
  pathway: z.string().nullable(),
  seed: whole.nullable(),
  /** Frames that this checkpoint was trained on. */
  frames: whole,
  /** What it acts with; null: nothing yet. */
  checkpoint: z.string().nullable(),
});

export const replaySchema = z.strictObject({
  format: z.literal('timegrid-replay'),
  version: z.literal(1),
  world: worldReference,
  number,
  others,
  seed,
  policy,
  branch,
  /** The world's state at moment 0, of an episode that no seed began; `seed` then merely numbers it, and there is no branch. */
  from: z.json().optional(),
  panes: z
    .array(
      z.strictObject({
        name: z.string().max(200),
        /** Null for a person, or, where `from` is given, for whatever program it was. */
        run: playerSchema.nullable(),
        /** The picture of moment 0. */
        start: picture,
        actions: z.array(action).max(MOST_STEPS),
        /** Of each step: its reward, and the picture after it. */
        rewards: z.array(z.number()).max(MOST_STEPS),
        pictures: z.array(picture).max(MOST_STEPS),
      }),
    )
    .min(1)
    .max(MOST_PANES),
});
export type Replay = z.infer<typeof replaySchema>;
