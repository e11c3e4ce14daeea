import type { ClientMessageInput, Extra, PaneId, ServerMessage } from '../src/watch/protocol.ts';
import { SOON } from './destination.ts';
import { Episode, type EpisodeKey, pictureAt } from './episode.ts';
import { MoveQueue } from './move-queue.ts';
import type { Pictures } from './pictures.ts';
import { type Destination, extrasFor, type State } from './state.ts';
import type { Store } from './store.ts';

/** What an episode is for. There is at most one for each purpose. */
type Purpose = 'episode' | 'branch' | 'next' | 'own';

interface Request {
  readonly id: number;
  readonly purpose: Purpose;
  readonly episode: Episode;
  readonly include: readonly Extra[];
  /** The moment that it must reach before it is shown. */
  readonly from: number;
  /** Where to go once it is shown; null: nowhere. */
  readonly going: Destination | null;
  /** Whether it is the episode on screen, fetched again with more detail. */
  readonly again: boolean;
  /** A person's moves in it. */
  readonly moves: MoveQueue;
  horizon: number;
}

/** Steps to fetch ahead of the moment on screen. */
const AHEAD = 256;
const AHEAD_OF_NEXT = 64;
/** Milliseconds after which steps that have arrived are on screen at the latest. */
const GROWTH = 50;

type Send = (message: ClientMessageInput) => void;

/**
 * Fetches episodes from the server and puts them into the store once they can be shown; until then, what is on screen stays. After a
 * reconnection it asks for what is missing.
 */
export class EpisodeClient {
  readonly #store: Store<State>;
  readonly #pictures: Pictures;
  readonly #send: Send;
  readonly #requests = new Map<Purpose, Request>();
  #lastId = 0;
  #growth: number | undefined;

  constructor(store: Store<State>, pictures: Pictures, send: Send) {
    this.#store = store;
    this.#pictures = pictures;
    this.#send = send;
  }

  /**
   * Shows an episode from a moment on; uses the prepared one if it is the same. The beginning is shown at once where that moment is
   * far from it.
   */
  show(key: EpisodeKey, moment = 0): void {
    const [from, going] = moment > SOON ? [0, { moment }] : [moment, null];
    const next = this.#requests.get('next');
    this.#drop('branch');
    this.#drop('own');
    if (next !== undefined && from === 0 && this.#isSame(next, key)) {
      this.#drop('episode');
      this.#requests.delete('next');
      this.#requests.set('episode', { ...next, purpose: 'episode', going });
    } else {
      this.#fetch('episode', key, from, { going });
    }
    this.#showReady();
    this.#grow();
  }

  /** Fetches an episode that is likely to be shown next. */
  prepare(key: EpisodeKey): void {
    const next = this.#requests.get('next');
    if (next === undefined || !this.#isSame(next, key)) this.#fetch('next', key, 0);
  }

  /** Shows the episode a second time, with another number from a moment on. */
  compare(at: number, number: number): void {
    const { episode } = this.#store.state;
    if (episode === null) return;
    this.#drop('own');
    this.#fetch('branch', { ...episode.key, branch: { at, number } }, at);
  }

  endBranch(): void {
    this.#drop('branch');
    this.#store.update({ branch: null });
  }

  /** Starts the episode on screen for a person to play. */
  play(): void {
    const { episode } = this.#store.state;
    if (episode === null) return;
    this.endBranch();
    this.#fetch('own', { ...episode.key, number: episode.numberAt(0) }, 0);
  }

  /** Whether a person plays an episode that is not over. */
  get isPlayed(): boolean {
    const request = this.#requests.get('own');
    return request !== undefined && !request.episode.whole;
  }

  /** Takes an action in the person's episode, after all earlier ones. */
  act(action: number): void {
    const request = this.#requests.get('own');
    if (request === undefined || request.episode.whole) return;
    request.moves.add(action);
    this.#move(request);
  }

  endPlay(): void {
    this.#drop('own');
    this.#store.update({ own: null });
  }

  /** Fetches what is on screen again if its steps lack a readout that is now shown. */
  renew(): void {
    const { moment, readouts } = this.#store.state;
    const wanted = extrasFor(readouts);
    for (const purpose of ['episode', 'branch'] as const) {
      const request = this.#requests.get(purpose);
      if (request === undefined || wanted.every((extra) => request.include.includes(extra)))
        continue;
      const { key, length } = request.episode;
      if (this.#store.state[purpose] === request.episode)
        this.#fetch(purpose, key, Math.min(moment, length), { again: true });
      else this.#fetch(purpose, key, request.from);
    }
  }

  /** After `hello`: asks again for everything that is still incomplete, from where it stopped. */
  resume(): void {
    for (const request of this.#requests.values()) this.#sendRequest(request);
  }

  /** Fetches more as the moment on screen comes close to the last one requested. */
  extend(moment: number): void {
    for (const request of this.#requests.values()) {
      if (request.purpose === 'own' || request.purpose === 'next') continue;
      this.#extend(request, moment);
    }
  }

  /** Fetches more of what is on screen, whichever moment that is: called again and again, all of it. */
  fetchOn(): void {
    for (const request of this.#requests.values()) {
      if (request.purpose === 'own' || request.purpose === 'next') continue;
      this.#extend(request, request.episode.reach + AHEAD);
    }
  }

  #extend(request: Request, moment: number): void {
    const { id, episode, horizon } = request;
    const most = this.#horizon(moment + 2 * AHEAD);
    if (episode.whole || most === horizon || moment + AHEAD <= horizon) return;
    request.horizon = most;
    this.#send({ kind: 'credit', id, horizon: most });
  }

  /** Takes the server's messages about episodes. */
  receive(message: ServerMessage): void {
    if (message.kind === 'error') {
      this.#refused(message);
      return;
    }
    if (message.kind !== 'begin' && message.kind !== 'steps' && message.kind !== 'end') return;
    const request = [...this.#requests.values()].find(({ id }) => id === message.id);
    if (request === undefined) return;
    const { tracks } = request.episode;
    const track = tracks.get(message.agent);
    if (message.kind === 'begin') {
      const continues = message.agent === 'you' || message.from > 0;
      if (track === undefined || !continues || message.checkpoint !== track.checkpoint) {
        const { agent: pane, checkpoint, nac, number, numbers, picture, position } = message;
        const isPerson = pane === 'you' || this.#store.state.agents[pane]!.person;
        const facts = { pane, isPerson, checkpoint, nac, number, numbers, picture, position };
        tracks.set(pane, { ...facts, steps: [], ending: null });
      } else if (message.agent !== 'you') {
        track.steps.length = message.from;
        track.ending = null;
      }
    } else if (track !== undefined) {
      if (message.kind === 'end') track.ending = message;
      else if (message.from === track.steps.length) track.steps.push(...message.steps);
    }
    this.#showReady();
    // Drawing the page anew for every few steps would take longer than these.
    if (message.kind === 'steps' && request.purpose !== 'own') this.#growSoon();
    else this.#grow();
    if (request.purpose !== 'own') return;
    if (message.kind === 'steps') request.moves.answer(message.steps.length);
    this.#move(request);
    this.#store.update({ moment: request.episode.length });
  }

  /** Sends a person's next move, unless an answer is awaited. */
  #move({ id, episode, moves }: Request): void {
    const track = episode.tracks.get('you');
    if (track === undefined || track.ending !== null) return;
    const move = moves.next();
    if (move !== null) this.#send({ kind: 'act', id, ...move });
  }

  #showReady(): void {
    const { agents } = this.#store.state;
    const players = agents.flatMap(({ checkpoint }, agent): PaneId[] =>
      checkpoint === null ? [] : [agent],
    );
    for (const { purpose, episode, from, going, again } of this.#requests.values()) {
      if (purpose === 'next') continue;
      const shown = this.#store.state[purpose];
      const panes = purpose === 'own' ? ['you' as const] : players;
      if (shown === episode || !isReady(episode, panes, from)) continue;
      if (purpose === 'branch') this.#store.update({ branch: episode });
      else if (again) this.#store.update({ episode });
      else if (purpose === 'own') this.#store.update({ own: episode, moment: 0, playing: false });
      else {
        const goes = going && { going, playing: false };
        this.#store.update({ episode, branch: null, own: null, moment: from, ...goes });
      }
    }
  }

  #growSoon(): void {
    this.#growth ??= window.setTimeout(() => this.#grow(), GROWTH);
  }

  /** Says that an episode has grown. */
  #grow(): void {
    window.clearTimeout(this.#growth);
    this.#growth = undefined;
    this.#store.update({ revision: this.#store.state.revision + 1 });
  }

  #fetch(
    purpose: Purpose,
    key: EpisodeKey,
    from: number,
    { going = null, again = false }: Partial<Pick<Request, 'going' | 'again'>> = {},
  ): void {
    this.#drop(purpose);
    this.#tidy();
    this.#lastId += 1;
    const { world, readouts } = this.#store.state;
    const request: Request = {
      id: this.#lastId,
      purpose,
      episode: new Episode(key, world?.number ?? null, world?.otherNumbers),
      include: extrasFor(readouts),
      from,
      going,
      again,
      moves: new MoveQueue(),
      horizon: this.#horizon(purpose === 'next' ? AHEAD_OF_NEXT : from + AHEAD),
    };
    this.#requests.set(purpose, request);
    this.#sendRequest(request);
  }

  #sendRequest({ id, purpose, episode, include, moves, horizon }: Request): void {
    if (episode.whole) return;
    const { tracks } = episode;
    const { number, others, seed, policy, branch, frames } = episode.key;
    const told = { number, ...(others && { others }), seed };
    if (purpose === 'own') {
      this.#send({ kind: 'play', id, ...told, actions: moves.repeat(episode.length) });
      return;
    }
    const have = [...tracks.values()].flatMap(({ pane, checkpoint, steps }) =>
      pane === 'you' || checkpoint === null
        ? []
        : [{ agent: pane, checkpoint, steps: steps.length }],
    );
    const at = frames !== undefined && { frames };
    const which = { ...told, policy, ...(branch && { branch }), ...at };
    this.#send({ kind: 'episode', id, ...which, include: [...include], horizon, have });
  }

  #drop(purpose: Purpose): void {
    const request = this.#requests.get(purpose);
    if (request === undefined) return;
    // The server keeps a person's episode open until it is cancelled.
    if (purpose === 'own' || !request.episode.whole) this.#send({ kind: 'cancel', id: request.id });
    this.#requests.delete(purpose);
  }

  /** Drops pictures that nothing needs, once there are too many. */
  #tidy(): void {
    if (!this.#pictures.tooMany) return;
    const { episode, branch, own } = this.#store.state;
    const requested = [...this.#requests.values()].map((request) => request.episode);
    const wanted = new Set<number>();
    for (const one of [episode, branch, own, ...requested]) {
      for (const track of one?.tracks.values() ?? []) {
        wanted.add(pictureAt(track, 0));
        for (const { picture, observed } of track.steps) {
          wanted.add(picture);
          if (observed !== undefined) wanted.add(observed);
        }
      }
    }
    this.#pictures.keepOnly(wanted);
    this.#send({ kind: 'forget' });
  }

  #refused({ id, message, code }: Extract<ServerMessage, { kind: 'error' }>): void {
    const request = [...this.#requests.values()].find((one) => one.id === id);
    // About something that is over or no longer wanted: a person's next move can be on its way when the episode ends.
    if (id !== undefined && (request === undefined || request.episode.whole)) return;
    if (code === 'busy' && request !== undefined) {
      window.setTimeout(() => {
        if (this.#requests.get(request.purpose) === request) this.#sendRequest(request);
      }, 1000);
    } else {
      if (request !== undefined && this.#store.state.own === request.episode)
        request.moves.refuse();
      else if (request !== undefined) this.#requests.delete(request.purpose);
      this.#store.update({ notice: sentence(message) });
    }
  }

  #isSame({ episode, include }: Request, key: EpisodeKey): boolean {
    const text = ({ number, others, seed, policy, branch, frames }: EpisodeKey) =>
      JSON.stringify([number, others, seed, policy, branch, frames]);
    const wanted = extrasFor(this.#store.state.readouts);
    return text(episode.key) === text(key) && wanted.every((extra) => include.includes(extra));
  }

  #horizon(steps: number): number {
    return Math.min(steps, this.#store.state.limits?.steps ?? steps);
  }
}

function isReady({ tracks }: Episode, panes: readonly PaneId[], from: number): boolean {
  if (panes.length === 0) return false;
  return panes.every((pane) => {
    const track = tracks.get(pane);
    if (track === undefined) return false;
    return pane === 'you' || track.ending !== null || track.steps.length > from;
  });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
