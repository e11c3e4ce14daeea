import type { RecordedStart } from '../play/episode-recorder.ts';
import type { EpisodeEnd, EpisodePlan } from '../play/episodes.ts';
import type { PictureStore } from './picture-store.ts';
import type { Refusal } from './refusal.ts';
import type { OpenedEpisode } from './shown-agents.ts';
import type { Follower, StreamedEpisode } from './streamed-episode.ts';
import { type NewSteps, sizeOf, type WirePicture, type WrittenStep } from './written-step.ts';

/** Milliseconds that a page takes for a step at the fastest. */
const PACE = 1000 / 60;
/** Milliseconds by which each step recently played for a client puts off its next one. */
const STEP_RANK = 1;
/** Bytes of an episode without its steps and pictures, and of one being played in the agents' thread. */
const BYTES = 4 * 1024;
const LIVE_BYTES = 128 * 1024;
/** What it costs to begin an episode, as so many steps. */
const OPENING = 4;
/** Bytes of a step without its text. */
const STEP_BYTES = 256;

/** What decides an episode. */
interface EpisodeKey {
  readonly agent: number;
  readonly checkpoint: string;
  readonly plan: EpisodePlan;
}

export interface KeptHooks {
  /** There is more to play. */
  onWanted(episode: KeptEpisode): void;
  /** Whether somebody follows it has changed. */
  onFollowed(episode: KeptEpisode): void;
}

const GONE: WrittenStep = { plain: '', picture: -1, observed: null, extras: null };

/** An episode of an agent, played up to the last step that a page has requested. */
export class KeptEpisode implements StreamedEpisode {
  readonly which: EpisodeKey;
  /** The text that names it among those that are kept. */
  key: string;
  readonly steps: WrittenStep[] = [];
  readonly differsAt = null;
  start: RecordedStart | null = null;
  nac: OpenedEpisode['nac'];
  end: EpisodeEnd | null = null;
  refusal: Refusal | null = null;
  /** Bytes that have been counted for it, and for those who follow it. */
  counted = 0;
  /** Whether the agents' thread is at it right now. */
  isPlaying = false;
  /** Its number in the agents' thread, once it has one. */
  thread: number | null = null;
  /** Steps below this are no longer held. */
  gone = 0;
  readonly #pictures: PictureStore;
  readonly #used: number[] = [];
  readonly #hooks: KeptHooks;
  readonly #followers = new Set<Follower>();
  #wanted = -1;
  /** When its step 0 would have been due, for a page that came just in time to ask. */
  #origin = 0;
  #stepBytes = 0;

  constructor(key: string, which: EpisodeKey, pictures: PictureStore, hooks: KeptHooks) {
    this.key = key;
    this.which = which;
    this.#pictures = pictures;
    this.#hooks = hooks;
  }

  get checkpoint(): string {
    return this.which.checkpoint;
  }

  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** Whether somebody waits for more of it. */
  get isWanted(): boolean {
    if (!this.isFollowed || this.end || this.refusal) return false;
    return this.start === null || this.steps.length < this.#wanted;
  }

  /** Whether more of it could be played. */
  get isLive(): boolean {
    return this.end === null && this.refusal === null;
  }

  /** Bytes that it takes, its pictures aside. */
  get size(): number {
    const isHeldByThread = this.isLive && this.thread !== null;
    return BYTES + this.#stepBytes + (isHeldByThread ? LIVE_BYTES : 0);
  }

  /** The most that one of those who follow it holds of all episodes. */
  get mostHeld(): number {
    let most = 0;
    for (const { budget } of this.#followers) most = Math.max(most, budget.held);
    return most;
  }

  /**
   * Of two episodes, the one of less rank is played first: the one of which a page will need more earlier, in milliseconds, and
   * that of the client with fewer recent steps.
   */
  get rank(): number {
    const due = this.#origin + this.steps.length * PACE;
    let least = Number.POSITIVE_INFINITY;
    for (const { budget } of this.#followers) least = Math.min(least, budget.stepped);
    return due + STEP_RANK * least;
  }

  picture(number: number): Uint8Array {
    return this.#pictures.get(number);
  }

  want(horizon: number): void {
    if (!this.isWanted) this.#origin = performance.now() - this.steps.length * PACE;
    this.#wanted = Math.max(this.#wanted, horizon);
    if (this.isWanted) this.#hooks.onWanted(this);
  }

  follow(follower: Follower): void {
    this.#followers.add(follower);
    follower.budget.held += this.counted;
    this.#hooks.onFollowed(this);
  }

  unfollow(follower: Follower): void {
    if (this.#followers.delete(follower)) follower.budget.held -= this.counted;
    if (this.isFollowed) return;
    // Without followers it is not played further; the next one says how much it wants.
    this.#wanted = -1;
    this.#hooks.onFollowed(this);
  }

  begin({ episode, start, pictures, nac }: OpenedEpisode): void {
    this.nac = nac;
    this.thread = episode;
    this.start = start;
    this.#hold(pictures);
  }

  /** Counts its bytes for those who follow it. @returns bytes more than before */
  count(isHeld: boolean): number {
    const more = (isHeld ? this.size : 0) - this.counted;
    this.counted += more;
    for (const { budget } of this.#followers) budget.held += more;
    return more;
  }

  /** Lets those who follow it pay for the next steps, whether or not they stay to see them. */
  charge(steps: number): void {
    const cost = steps + (this.thread === null ? OPENING : 0);
    for (const { budget } of this.#followers) budget.spendSteps(cost);
  }

  add({ steps, pictures, end }: NewSteps): void {
    this.#hold(pictures);
    for (const step of steps) {
      this.steps.push(step);
      this.#stepBytes += STEP_BYTES + sizeOf(step);
    }
    this.end = end;
    this.#notify();
  }

  refuse(refusal: Refusal): void {
    this.refusal = refusal;
    this.#notify();
  }

  /** Lets go of the steps that everybody who follows it has taken, so that only somebody who has them can follow it. */
  trim(): void {
    let taken = this.steps.length;
    for (const follower of this.#followers) taken = Math.min(taken, follower.taken);
    for (; this.gone < taken; this.gone++) {
      this.#stepBytes -= STEP_BYTES + sizeOf(this.steps[this.gone]!);
      this.steps[this.gone] = GONE;
    }
  }

  /** Lets go of its pictures. */
  releasePictures(): void {
    for (const number of this.#used) this.#pictures.release(number);
  }

  #hold(pictures: readonly WirePicture[]): void {
    for (const picture of pictures) {
      this.#pictures.hold(picture);
      this.#used.push(picture.hash);
    }
  }

  #notify(): void {
    for (const follower of [...this.#followers]) follower.onMore();
  }
}
