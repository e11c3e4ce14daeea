import { grown } from './grow.ts';

/** Updates after which a frame counts as forgotten. */
const LONGEST = 64;
/** What remains, an update later, of what was counted. */
const DECAY = 0.8;

/**
 * Chooses the frames that are worth encoding before they are seen again: those of the last few updates. How many updates is
 * decided by counting what each depth would have cost: frames encoded in vain, and steps that met a frame not yet encoded.
 * It changes how long things take and never a result.
 */
export class Recall {
  /** How many frames encoded in vain cost as much as a step that has to encode. */
  readonly #framesPerCall: number;
  readonly #most: number;
  /** The update in which each frame was last seen, by its number. */
  #lastSeen = new Int32Array(0);
  #known = 0;
  #update = LONGEST;
  /** By depth: what it would have cost, in frames. */
  readonly #cost = new Float64Array(LONGEST + 1);
  /** By age in updates, in this update: frames known when it began, those among them that were seen, steps by the oldest frame they met. */
  readonly #before = new Int32Array(LONGEST + 2);
  readonly #used = new Int32Array(LONGEST + 2);
  readonly #calls = new Int32Array(LONGEST + 2);

  /** @param most frames to encode beforehand */
  constructor(framesPerCall: number, most: number) {
    this.#framesPerCall = framesPerCall;
    this.#most = most;
  }

  /** Begins an update. @returns the frames to encode beforehand, by their numbers, in order */
  begin(): number[] {
    this.#weigh();
    this.#update += 1;
    this.#before.fill(0);
    this.#used.fill(0);
    this.#calls.fill(0);
    for (let frame = 0; frame < this.#known; frame++) this.#before[this.#age(frame)]! += 1;
    let [depth, size] = [0, 0];
    let best = Number.POSITIVE_INFINITY;
    for (let d = 0; d <= LONGEST; d++) {
      size += this.#before[d]!;
      if (size > this.#most) break;
      if (this.#cost[d]! < best) [depth, best] = [d, this.#cost[d]!];
    }
    const frames: number[] = [];
    if (depth === 0) return frames;
    for (let frame = 0; frame < this.#known; frame++) {
      if (this.#age(frame) <= depth) frames.push(frame);
    }
    return frames;
  }

  /** Notes that a frame is seen for the first time in this update. @returns its age: how many updates ago it was last seen */
  see(frame: number): number {
    if (frame >= this.#known) {
      this.#known = frame + 1;
      this.#lastSeen = grown(this.#lastSeen, this.#known);
      this.#lastSeen[frame] = this.#update;
      return LONGEST + 1;
    }
    const age = this.#age(frame);
    this.#used[age]! += 1;
    this.#lastSeen[frame] = this.#update;
    return age;
  }

  /** Notes the greatest age among the frames that a step met for the first time in this update. */
  step(oldest: number): void {
    this.#calls[oldest]! += 1;
  }

  /** Forgets all frames, which are numbered from zero again, but not what the latest update told about depths. */
  clear(): void {
    this.#known = 0;
  }

  #age(frame: number): number {
    return Math.min(this.#update - this.#lastSeen[frame]!, LONGEST + 1);
  }

  #weigh(): void {
    let [vain, missing] = [0, 0];
    for (let age = 1; age < LONGEST + 2; age++) missing += this.#calls[age]!;
    for (let depth = 0; depth <= LONGEST; depth++) {
      if (depth > 0) {
        vain += this.#before[depth]! - this.#used[depth]!;
        missing -= this.#calls[depth]!;
      }
      this.#cost[depth] = DECAY * this.#cost[depth]! + vain + this.#framesPerCall * missing;
    }
  }
}
