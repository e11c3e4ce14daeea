import * as z from 'zod';

/** Which checkpoint: the newest, the one with the best score so far, or the one before the newest. */
export const checkpointNames = ['last', 'best', 'previous'] as const;
export type CheckpointName = (typeof checkpointNames)[number];

/** A checkpoint's folder. */
export const FOLDER = /^\d+(-\d+)?$/;
/** A folder within `checkpoints/`, and the checksum of what it holds. */
const namedSchema = z.strictObject({
  folder: z.string().regex(FOLDER),
  sha256: z.string(),
});
export const namesSchema = z.strictObject({
  last: namedSchema.nullable(),
  best: namedSchema.nullable(),
  previous: namedSchema.nullable(),
});

export type NamedCheckpoint = z.infer<typeof namedSchema>;
/** The checkpoints of a run by their names. */
export type NamedCheckpoints = Readonly<Record<CheckpointName, NamedCheckpoint | null>>;

export const namesFile = 'checkpoints.json';
export const checkpointsFolder = 'checkpoints';

export const noCheckpoint: NamedCheckpoints = { last: null, best: null, previous: null };

/** The folder of a checkpoint, such that names sort by frames: `000002000000`, `000002000000-2`… @param copy from 1 on */
export const folderName = (frames: number, copy = 1): string =>
  `${String(frames).padStart(12, '0')}${copy === 1 ? '' : `-${copy}`}`;
