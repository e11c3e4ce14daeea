import { PACE, type State } from './state.ts';
import type { Store } from './store.ts';

/** Seconds that an episode's end stays on screen at speed 1. */
const PAUSE_AT_END = 2.2;
const SHORTEST_PAUSE_AT_END = 0.12;

export interface PlaybackCallbacks {
  /** Another moment, or episode, is on screen. */
  onMoment(moment: number): void;
  /** The end has been on screen for long enough. */
  onEnd(): void;
}

/** Calls back once per frame of the screen, with the time in milliseconds. */
export type Ticks = (tick: (now: number) => void) => void;

/** Advances the moment on screen, at the chosen speed and as far as the episode has arrived. */
export class Playback {
  readonly #store: Store<State>;
  readonly #callbacks: PlaybackCallbacks;
  #before: number | undefined;
  /** Steps due and not yet taken; at the end, seconds that it has been on screen. */
  #due = 0;

  constructor(store: Store<State>, callbacks: PlaybackCallbacks, ticks: Ticks) {
    this.#store = store;
    this.#callbacks = callbacks;
    store.watch(
      ({ episode, playing, moment }) => [episode, playing, moment],
      ([, , moment]) => callbacks.onMoment(moment),
    );
    store.watch(
      ({ episode, playing }) => [episode, playing],
      () => {
        this.#due = 0;
      },
    );
    ticks((now) => {
      // A page in the background gets no ticks, and does not catch up.
      this.#pass(Math.min(0.25, (now - (this.#before ?? now)) / 1000));
      this.#before = now;
    });
  }

  #pass(seconds: number): void {
    const { episode, branch, playing, speed, moment } = this.#store.state;
    if (!playing || episode === null) return;
    const shown = branch === null ? [episode] : [episode, branch];
    if (shown.every((one) => one.whole && moment >= one.length)) {
      this.#due += seconds;
      if (this.#due < Math.max(SHORTEST_PAUSE_AT_END, PAUSE_AT_END / speed)) return;
      this.#due = 0;
      this.#callbacks.onEnd();
      return;
    }
    this.#due = speed === Number.POSITIVE_INFINITY ? 1 : this.#due + seconds * PACE * speed;
    if (this.#due < 1) return;
    const reach = Math.min(
      ...shown.map((one) => (one.whole ? Number.POSITIVE_INFINITY : one.reach)),
    );
    const last = Math.max(...shown.map((one) => one.length));
    const next = Math.min(moment + Math.floor(this.#due), Math.max(moment, Math.min(reach, last)));
    this.#due = next === moment ? 0 : this.#due % 1;
    if (next === last && shown.every((one) => one.whole)) this.#due = 0;
    this.#store.update({ moment: next });
  }
}
