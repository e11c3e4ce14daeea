/** The folder within a run that holds what it keeps of its training: parameters alone, from which no training can resume. */
export const keptFolder = 'kept';
/** Checkpoints that a run can keep: at least its first and its last parameters. */
export const LEAST_KEPT = 2;
export const MOST_KEPT = 100;

/**
 * The part of a training that some frames are in, of `count − 1` equal ones and the end. A run keeps the first parameters of each, so
 * that they are spread evenly, a training that was killed finds out what it lacks, and one that is extended what it has too much of.
 */
export const partOf = (frames: number, count: number, totalFrames: number): number =>
  Math.min(count - 1, Math.floor((frames * (count - 1)) / totalFrames));
