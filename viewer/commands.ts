import type { Policy } from '../src/watch/protocol.ts';
import { keysOf } from './action-signs.ts';
import { arriveAt, LAST_STEPS } from './destination.ts';
import type { Episode } from './episode.ts';
import type { EpisodeClient } from './episode-client.ts';
import { leastNumber } from './number-stops.ts';
import {
  chosenEpisode,
  type Destination,
  MOST_SEED,
  type ReadoutName,
  SPEEDS,
  type State,
} from './state.ts';
import type { Store } from './store.ts';

export const NO_OWN_BRANCH =
  'not while you play, because only agents repeat their actions exactly. Esc ends your play.';

/** Everything that a person can do here, by button, key or chart. */
export class Commands {
  readonly #store: Store<State>;
  readonly #episodes: EpisodeClient;

  constructor(store: Store<State>, episodes: EpisodeClient) {
    this.#store = store;
    this.#episodes = episodes;
  }

  /** Plays or pauses; at the end, plays from the start. */
  playOrPause(): void {
    const { playing, moment, own } = this.#state;
    if (own !== null && !own.whole) return;
    const isOver = !playing && this.#atEnd;
    this.#store.update({ playing: !playing, moment: isOver ? 0 : moment, going: null });
  }

  /** Goes some steps forward or back, and pauses. */
  step(by: number): void {
    this.goTo(this.#state.moment + by);
  }

  /** Shows a moment of this episode as soon as it has arrived, and pauses. */
  goTo(moment: number): void {
    this.#goTo({ moment: Math.max(0, moment) });
  }

  /** Shows the end of this episode as soon as it has arrived. */
  goToEnd(): void {
    this.#goTo({ beforeEnd: 0, plays: false });
  }

  /** Plays the last steps of this episode, slowly enough to follow them, as soon as they have arrived. */
  playLastSteps(): void {
    this.setSpeed(Math.min(1, this.#state.speed));
    this.#goTo({ beforeEnd: LAST_STEPS, plays: true });
  }

  #goTo(destination: Destination): void {
    if (this.#state.episode === null) return;
    // What a person has not played yet does not arrive by itself.
    const { isPlayed } = this.#episodes;
    const reached = isPlayed ? { moment: this.#momentNow(destination), going: null } : null;
    const changes = reached ?? arriveAt(destination, this.#state) ?? { going: destination };
    this.#store.update({ playing: false, ...changes });
  }

  #momentNow(destination: Destination): number {
    return 'moment' in destination ? Math.min(destination.moment, this.#last) : this.#last;
  }

  setSpeed(speed: number): void {
    this.#store.update({ speed });
  }

  changeSpeed(by: number): void {
    const now = SPEEDS.indexOf(this.#state.speed as (typeof SPEEDS)[number]);
    this.setSpeed(SPEEDS[clamp(now + by, 0, SPEEDS.length - 1)]!);
  }

  toggleLoop(): void {
    this.#store.update({ loop: !this.#state.loop });
  }

  /** At the end: the next episode, or this one again if it loops or is the only one. */
  playNext(): void {
    const { loop, replay, branch, own } = this.#state;
    if (loop || replay !== null || branch !== null || own !== null)
      this.#store.update({ moment: 0 });
    else {
      this.#store.update({ seed: Math.min(MOST_SEED, this.#state.seed + 1), byPlayback: true });
      this.show();
    }
  }

  /** Another episode with the same number. */
  changeEpisode(by: number): void {
    this.setSeed(clamp(this.#state.seed + by, 0, MOST_SEED));
  }

  setSeed(seed: number): void {
    if (!Number.isSafeInteger(seed) || seed < 0 || seed > MOST_SEED) return;
    this.#choose({ seed });
  }

  /** Sets the main number: from the start, or in a branch from there on. */
  setNumber(number: number): void {
    const { limits, branching, world, replay } = this.#state;
    if (!world?.number || replay !== null || !Number.isFinite(number)) return;
    const wanted = clamp(Math.round(number), leastNumber(world.number), limits?.number ?? 1000);
    if (branching !== null) {
      this.#store.update({ branchNumber: wanted, going: null });
      this.#episodes.compare(branching, wanted);
      return;
    }
    this.#choose({ number: wanted });
  }

  changeNumber(by: number): void {
    const { branching, branchNumber, number } = this.#state;
    this.setNumber(((branching === null ? number : branchNumber) ?? 1) + by);
  }

  /** Fixes another number of the world by the name of its option; null: the world draws it. */
  setOther(option: string, value: number | null): void {
    const { [option]: before = null, ...rest } = this.#state.others;
    if (value === before) return;
    this.#choose({ others: value === null ? rest : { ...rest, [option]: value } });
  }

  setPolicy(policy: Policy): void {
    this.#choose({ policy });
  }

  togglePolicy(): void {
    this.setPolicy(this.#state.policy === 'greedy' ? 'sample' : 'greedy');
  }

  /** Lets the agents play as they were kept after so many frames of training; null: as they are now. */
  setTrained(trained: number | null): void {
    this.#choose({ trained });
  }

  /** Shows an episode of the charts: by the agents as they are now, and in which the world draws all other numbers. */
  showEpisode(number: number, seed: number): void {
    const { others } = this.#state;
    this.#choose({
      number,
      seed,
      trained: null,
      ...(Object.keys(others).length > 0 && { others: {} }),
    });
  }

  /** Chooses another episode, unless it is the one on screen already. */
  #choose(
    changes: Partial<Pick<State, 'number' | 'others' | 'seed' | 'policy' | 'trained'>>,
  ): void {
    if (this.#state.replay !== null) return;
    const names = Object.keys(changes) as (keyof typeof changes)[];
    if (names.every((name) => changes[name] === this.#state[name])) return;
    this.unlessPlayed(() => {
      this.#store.update({ ...changes, byPlayback: false });
      this.show();
    });
  }

  /** Does what ends a person's play; asks first where moves would be lost. */
  unlessPlayed(run: () => void): void {
    if (hasMoves(this.#state)) this.#store.update({ endingPlay: run });
    else run();
  }

  /** Answers the question whether a person's play may end. */
  confirmEnd(isConfirmed: boolean): void {
    const { endingPlay } = this.#state;
    this.#store.update({ endingPlay: null });
    if (isConfirmed) endingPlay?.();
  }

  /** Shows the chosen episode from a moment on; one far from its beginning is waited for. */
  show(moment = 0): void {
    this.#store.update({ branching: null, branchNumber: null, going: null });
    this.#episodes.show(this.#state.replay ?? chosenEpisode(this.#state), moment);
  }

  /** Starts, or ends, a second episode that has another number from the moment on screen. */
  toggleBranch(): void {
    const { branching, moment, episode, world, replay } = this.#state;
    if (branching !== null) {
      this.#store.update({ branching: null, branchNumber: null, going: null });
      this.#episodes.endBranch();
      return;
    }
    if (this.#state.own !== null) {
      this.notify(`Branch: ${NO_OWN_BRANCH}`);
      return;
    }
    if (episode === null || !world?.number || replay !== null) return;
    const at = Math.min(moment, lastBranching(episode));
    this.#store.update({ branching: at, moment: at, playing: false, going: null });
    this.setNumber((episode.numberAt(at) ?? 1) + 6);
  }

  /** Shows the episode with a branch at one moment, and goes to another moment. */
  showBranched(
    { at, number }: { readonly at: number; readonly number: number },
    moment: number,
  ): void {
    const before = this.#state.episode;
    this.show(at);
    const end = this.#store.watch(
      ({ episode, going }) => [episode, going],
      ([episode, going]) => {
        if (episode === null || episode === before || going !== null) return;
        queueMicrotask(() => end());
        const branching = Math.min(at, lastBranching(episode));
        if (this.#state.moment < branching) return; // somebody stopped it on the way there
        this.#store.update({ branching, moment: Math.min(moment, branching), playing: false });
        this.setNumber(number);
        if (moment > branching) this.#store.update({ going: { moment } });
      },
    );
  }

  /** Starts, or ends, the same episode for a person to play. */
  toggleOwnPlay(): void {
    const { own, replay } = this.#state;
    if (own !== null) {
      this.#episodes.endPlay();
      return;
    }
    if (replay !== null) return;
    this.#store.update({ branching: null, branchNumber: null, playing: false, going: null });
    this.#episodes.play();
  }

  /** Stops what the page is waiting for: a file, or else steps to go to. @returns whether there was anything */
  stop(): boolean {
    const { saving, going } = this.#state;
    if (saving !== null) saving.stop();
    else this.#store.update({ going: null });
    return saving !== null || going !== null;
  }

  /** Ends a branch, and a person's play. */
  endBranchAndPlay(): void {
    if (this.#state.branching !== null) this.toggleBranch();
    if (this.#state.own !== null) this.toggleOwnPlay();
  }

  /** The action that a key means to a person who plays. */
  moveOf(key: string): string | undefined {
    for (const [name, own] of keysOf(this.#state.world?.actions ?? []))
      if (own === key) return name;
    return undefined;
  }

  /** Takes an action by name, if a person plays and the world has it. @returns whether a person plays */
  act(name: string): boolean {
    if (!this.#episodes.isPlayed) return false;
    const action = this.#state.world?.actions.indexOf(name) ?? -1;
    if (action >= 0) this.#episodes.act(action);
    return true;
  }

  /** Shows a sentence to the person. */
  notify(notice: string): void {
    this.#store.update({ notice });
  }

  toggleReadout(name: ReadoutName): void {
    const { readouts } = this.#state;
    const changed = new Set(readouts);
    if (!changed.delete(name)) changed.add(name);
    this.#store.update({ readouts: changed });
    this.#episodes.renew();
  }

  togglePath(): void {
    this.#store.update({ path: !this.#state.path });
  }

  toggleCharts(): void {
    this.#store.update({ charts: !this.#state.charts });
  }

  toggleTheme(): void {
    this.#store.update({ theme: this.#state.theme === 'dark' ? 'light' : 'dark' });
  }

  get #state(): Readonly<State> {
    return this.#store.state;
  }

  /** The last moment that can be shown. */
  get #last(): number {
    const { episode, branch, own } = this.#state;
    const lengths = [episode, branch, own].map((one) => one?.length ?? 0);
    return Math.max(...lengths);
  }

  get #atEnd(): boolean {
    return this.#state.episode !== null && this.#state.moment >= this.#last;
  }
}

/** Whether a person plays and has made moves, so that something would be lost. */
export const hasMoves = ({ own }: Pick<State, 'own'>): boolean =>
  own !== null && !own.whole && own.length > 0;

/** The last moment that every player can branch at: one step before its end. */
function lastBranching({ tracks }: Episode): number {
  const going = [...tracks.values()].map(({ ending, steps }) =>
    ending === null ? steps.length : ending.steps - 1,
  );
  return Math.max(0, Math.min(...going));
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
