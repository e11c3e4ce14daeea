import type { EpisodeSource } from './episode-source.ts';
import type { PacedSocket } from './paced-socket.ts';
import type { EpisodeRequest, ErrorCode } from './protocol.ts';
import type { Follower, StreamedEpisode } from './streamed-episode.ts';
import { endMessage, sizeOf, stepsMessage, writtenPosition } from './written-step.ts';

/** Steps of one message, and bytes after which it is sent with fewer. */
const CHUNK = 32;
const CHUNK_BYTES = 32 * 1024;
/** Steps that are played ahead of what the page has taken: none are for a page that does not read. */
const PLAYED_AHEAD = 256;

/** An agent's episode on its way. */
interface Pane extends Follower {
  readonly agent: number;
  readonly episode: StreamedEpisode;
  /** Steps that have been sent. */
  taken: number;
  begun: boolean;
}

/** An episode that a page has asked for, of every agent that can play it, on its way to the page. */
export class EpisodeSender {
  readonly #message: EpisodeRequest;
  readonly #panes = new Set<Pane>();
  #horizon: number;

  /**
   * @param payer told whenever there may be more to send
   * @throws Refusal where no agent can play it; then nothing has changed
   */
  constructor(
    message: EpisodeRequest,
    source: EpisodeSource,
    agents: readonly number[],
    payer: Omit<Follower, 'taken'>,
  ) {
    this.#message = message;
    this.#horizon = message.horizon;
    const panes = agents.map((agent): Pane => {
      const had = message.have.find((other) => other.agent === agent);
      const episode = source.open(agent, message, had, message.frames);
      const taken = had && had.checkpoint === episode.checkpoint ? had.steps : 0;
      return { ...payer, agent, episode, taken, begun: false };
    });
    for (const pane of panes) {
      this.#panes.add(pane);
      pane.episode.follow(pane);
      this.#want(pane);
    }
  }

  /** Whether everything has been sent. */
  get isDone(): boolean {
    return this.#panes.size === 0;
  }

  /** Lets steps below `horizon` be sent. */
  grant(horizon: number): void {
    if (horizon <= this.#horizon) return;
    this.#horizon = horizon;
    for (const pane of this.#panes) this.#want(pane);
  }

  /** Sends each pane's next chunk, where there is one, credit for it and room. @returns whether anything was sent */
  sendSome(socket: PacedSocket): boolean {
    let isSent = false;
    for (const pane of this.#panes) {
      if (!socket.hasRoom) break;
      if (this.#sendPane(pane, socket)) isSent = true;
    }
    return isSent;
  }

  cancel(): void {
    for (const pane of this.#panes) this.#drop(pane);
  }

  #drop(pane: Pane): void {
    this.#panes.delete(pane);
    pane.episode.unfollow(pane);
  }

  #want({ episode, taken }: Pane): void {
    episode.want(Math.max(taken, Math.min(this.#horizon, taken + PLAYED_AHEAD)));
  }

  #sendPane(pane: Pane, socket: PacedSocket): boolean {
    const { agent, episode } = pane;
    const { id } = this.#message;
    const { refusal, start, steps, end, checkpoint, differsAt, nac } = episode;
    if (refusal) return this.#refuse(pane, socket, refusal.code, refusal.message);
    if (!start) return false;
    if (end && pane.taken > end.steps) {
      const message = `the episode of agent ${agent} has ${end.steps} steps, not ${pane.taken}`;
      return this.#refuse(pane, socket, 'out-of-range', message);
    }
    if (steps.length < pane.taken) return false;
    let isSent = false;
    if (!pane.begun) {
      pane.begun = true;
      isSent = true;
      const { number, numbers, picture, position } = start;
      socket.sendPicture(picture, () => episode.picture(picture));
      const facts = { id, agent, checkpoint, from: pane.taken, number, numbers, picture };
      const inner = nac !== undefined && { nac };
      socket.send({ kind: 'begin', ...facts, ...inner, position: writtenPosition(position) });
    }
    if (this.#sendSteps(pane, socket)) isSent = true;
    if (end && pane.taken === end.steps) {
      socket.send(endMessage({ id, agent }, end, differsAt));
      this.#drop(pane);
    }
    return isSent;
  }

  #sendSteps(pane: Pane, socket: PacedSocket): boolean {
    const { id, include } = this.#message;
    const { agent, episode, taken: cursor } = pane;
    const { steps } = episode;
    const last = Math.min(this.#horizon, steps.length, cursor + CHUNK);
    let bytes = 0;
    let to = cursor;
    while (to < last && bytes < CHUNK_BYTES) {
      const step = steps[to++]!;
      const named = [step.picture];
      if (step.observed !== null && include.includes('observed')) named.push(step.observed);
      for (const hash of named) {
        bytes += socket.sendPicture(hash, () => episode.picture(hash));
      }
      bytes += sizeOf(step);
    }
    if (to <= cursor) return false;
    socket.sendText(stepsMessage({ id, agent }, cursor, steps.slice(cursor, to), include));
    pane.taken = to;
    this.#want(pane);
    return true;
  }

  #refuse(pane: Pane, socket: PacedSocket, code: ErrorCode, message: string): true {
    socket.send({ kind: 'error', code, message, id: this.#message.id });
    this.#drop(pane);
    return true;
  }
}
