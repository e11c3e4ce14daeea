import type { RawData, WebSocket } from 'ws';
import type { NumberValues } from '../../env/index.ts';
import { VERSION } from '../common/version.ts';
import type { Policy } from '../play/episodes.ts';
import { MOST_STEPS } from '../play/replay.ts';
import { EpisodeSender } from './episode-sender.ts';
import type { EpisodeSource, SourceNews } from './episode-source.ts';
import { HumanEpisode } from './human-episode.ts';
import { PacedSocket } from './paced-socket.ts';
import {
  type AgentInfo,
  type ClientMessage,
  MESSAGE_BYTES,
  MOST_REQUESTS,
  PROTOCOL_VERSION,
  type RewardRow,
  type ServerMessage,
} from './protocol.ts';
import { MessageRefusal, readMessage } from './read-message.ts';
import { Refusal } from './refusal.ts';

/** The greatest number that can be requested: with the world's slack, such an episode ends before it is cut off. */
export const MOST_NUMBER = 2_000;
/** Ids of finished requests that are remembered, so that a late credit for one is not refused. */
const MOST_PAST = 64;

/** One page. */
export class Connection {
  readonly #source: EpisodeSource;
  readonly #socket: PacedSocket;
  readonly #onPolicy: () => void;
  readonly #requests = new Map<number, EpisodeSender>();
  readonly #past = new Set<number>();
  #human: HumanEpisode | undefined;
  #policy: Policy = 'greedy';
  /** What has changed since the page was last informed. */
  #agentsChanged = false;
  readonly #rowsChanged = new Set<number>();
  readonly #curvesChanged = new Set<number>();
  /** How much of each curve the page has. */
  readonly #curves = new Map<number, { edition: number; points: number }>();

  /** @param onPolicy called when the page looks at another policy than before */
  constructor(socket: WebSocket, source: EpisodeSource, server: string, onPolicy: () => void) {
    this.#source = source;
    this.#onPolicy = onPolicy;
    this.#socket = new PacedSocket(socket, () => this.#pump());
    socket.on('message', (data: RawData, isBinary: boolean) =>
      this.#receive(data as Buffer, isBinary),
    );
    const { world, replay } = source;
    this.#socket.send({
      kind: 'hello',
      ...{ protocol: PROTOCOL_VERSION, version: VERSION, server, world, replay },
      agents: [...source.agents],
      limits: {
        ...{ number: MOST_NUMBER, steps: MOST_STEPS, requests: MOST_REQUESTS },
        messageBytes: MESSAGE_BYTES,
      },
    });
    for (const agent of source.agents.keys()) {
      this.#rowsChanged.add(agent);
      this.#curvesChanged.add(agent);
    }
    this.#pump();
  }

  /** The policy of the episode that the page asked for last. */
  get policy(): Policy {
    return this.#policy;
  }

  /** Notes what has changed; it is sent as soon as the page has room. */
  note(news: readonly SourceNews[]): void {
    for (const item of news) {
      if (item === 'agents') this.#agentsChanged = true;
      else if ('rows' in item) this.#rowsChanged.add(item.rows);
      else this.#curvesChanged.add(item.curve);
    }
    this.#pump();
  }

  /** The page is gone. */
  close(): void {
    for (const id of this.#requests.keys()) this.#cancel(id);
    this.#endHuman();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    let id: number | undefined;
    try {
      const message = readMessage(data, isBinary);
      if ('id' in message) ({ id } = message);
      this.#follow(message);
    } catch (error) {
      const about = error instanceof MessageRefusal ? error.id : id;
      this.#sendRefusal(error, about);
    }
    this.#pump();
  }

  #follow(message: ClientMessage): void {
    switch (message.kind) {
      case 'episode':
        this.#begin(message);
        break;
      case 'credit':
        this.#known(message.id)?.grant(message.horizon);
        break;
      case 'cancel':
        if (this.#human?.id === message.id) this.#endHuman();
        else if (this.#known(message.id)) this.#cancel(message.id);
        break;
      case 'play':
        this.#play(message);
        break;
      case 'act':
        if (this.#human?.id !== message.id) {
          throw new Refusal('out-of-range', `no episode with id ${message.id} is being played`);
        }
        this.#human.act(message.step, message.action);
        break;
      case 'forget':
        this.#socket.forgetPictures();
        break;
    }
  }

  #begin(message: Extract<ClientMessage, { kind: 'episode' }>): void {
    const { id, number, branch, policy } = message;
    requireNumber(this.#source, number, 'number');
    requireNumber(this.#source, branch?.number ?? null, 'branch.number');
    requireOthers(this.#source, message.others);
    const isNew = !this.#requests.has(id);
    if (isNew && this.#requests.size >= MOST_REQUESTS) {
      throw new Refusal(
        'busy',
        `a page can have at most ${MOST_REQUESTS} episodes under way; cancel one first`,
      );
    }
    const agents = [...this.#source.agents.keys()].filter((i) => canPlay(this.#source, i));
    if (agents.length === 0) {
      throw new Refusal('busy', 'no agent has a checkpoint yet; ask again when one has');
    }
    const request = new EpisodeSender(message, this.#source, agents, () => this.#pump());
    this.#requests.get(id)?.cancel();
    this.#requests.set(id, request);
    if (policy === this.#policy) return;
    this.#policy = policy;
    this.#onPolicy();
  }

  #play(message: Extract<ClientMessage, { kind: 'play' }>): void {
    requireNumber(this.#source, message.number, 'number');
    requireOthers(this.#source, message.others);
    const episode = new HumanEpisode(message, () => this.#source.makeWorld());
    this.#endHuman();
    this.#human = episode;
  }

  #endHuman(): void {
    if (!this.#human) return;
    this.#human.close();
    this.#remember(this.#human.id);
    this.#human = undefined;
  }

  /** A request that is under way; nothing for one that is over. @throws Refusal for one that never was */
  #known(id: number): EpisodeSender | undefined {
    const request = this.#requests.get(id);
    if (!request && !this.#past.has(id)) {
      throw new Refusal('out-of-range', `no episode with id ${id} was requested`);
    }
    return request;
  }

  #cancel(id: number): void {
    this.#requests.get(id)?.cancel();
    this.#over(id);
  }

  #over(id: number): void {
    this.#requests.delete(id);
    this.#remember(id);
  }

  #remember(id: number): void {
    this.#past.delete(id);
    this.#past.add(id);
    const [oldest] = this.#past;
    if (this.#past.size > MOST_PAST) this.#past.delete(oldest!);
  }

  /** Sends whatever there is to send, as long as the page takes it. */
  #pump(): void {
    let isMore = true;
    while (isMore && this.#socket.hasRoom) {
      isMore = this.#sendNews();
      for (const [id, request] of this.#requests) {
        if (request.sendSome(this.#socket)) isMore = true;
        if (request.isDone) this.#over(id);
      }
      if (this.#sendHuman()) isMore = true;
    }
  }

  /** Sends more of the episode that a person plays. A world that fails ends that episode, and nothing else. */
  #sendHuman(): boolean {
    const human = this.#human;
    if (!human) return false;
    try {
      return human.sendSome(this.#socket);
    } catch (error) {
      this.#endHuman();
      this.#sendRefusal(error, human.id);
      return true;
    }
  }

  #sendRefusal(error: unknown, id: number | undefined): void {
    const { code, message } = Refusal.of(error);
    this.#socket.send({ kind: 'error', code, message, ...(id !== undefined && { id }) });
  }

  /** Sends one thing that has changed. @returns whether there was any */
  #sendNews(): boolean {
    if (this.#agentsChanged) {
      this.#agentsChanged = false;
      this.#socket.send({ kind: 'agents', agents: [...this.#source.agents] });
      return true;
    }
    const [agent] = this.#rowsChanged;
    if (agent !== undefined) {
      this.#rowsChanged.delete(agent);
      for (const policy of ['greedy', 'sample'] as const) {
        const rows = this.#source.rows(agent, policy);
        if (policy === 'sample' && rows.length === 0) continue;
        const facts = `"kind":"rows","agent":${agent},"policy":"${policy}"`;
        this.#socket.sendText(`{${facts},"rows":${writtenRows(rows)}}`);
      }
      return true;
    }
    const [learner] = this.#curvesChanged;
    if (learner === undefined) return false;
    this.#curvesChanged.delete(learner);
    const message = this.#curveMessage(learner);
    if (message) this.#socket.send(message);
    return true;
  }

  #curveMessage(agent: number): ServerMessage | null {
    const curve = this.#source.curve(agent);
    if (!curve) return null;
    const has = this.#curves.get(agent);
    const from = has?.edition === curve.edition ? has.points : 0;
    this.#curves.set(agent, { edition: curve.edition, points: curve.frames.length });
    const [frames, reward] = [curve.frames.slice(from), curve.reward.slice(from)];
    return { kind: 'curve', agent, from, frames, reward, exact: curve.exact.slice(from) };
  }
}

const written = new WeakMap<readonly RewardRow[], string>();

/** Rows as JSON, written once for all pages. */
function writtenRows(rows: readonly RewardRow[]): string {
  const text = written.get(rows) ?? JSON.stringify(rows);
  written.set(rows, text);
  return text;
}

function canPlay({ replay, agents }: EpisodeSource, agent: number): boolean {
  return replay !== null || (agents[agent] as AgentInfo).checkpoint !== null;
}

function requireNumber({ world }: EpisodeSource, number: number | null, name: string): void {
  if (number === null) return;
  if (world.number === null) {
    throw new Refusal('out-of-range', `${world.id} tells no number, so ${name} must be null`);
  }
  if (number <= MOST_NUMBER) return;
  throw new Refusal('out-of-range', `${name} must be at most ${MOST_NUMBER}, not ${number}`);
}

/** @throws Refusal unless each is one of the world's numbers besides the main one */
function requireOthers({ world }: EpisodeSource, others: NumberValues = {}): void {
  const names = (world.otherNumbers ?? []).map(({ option }) => option);
  const unknown = Object.keys(others).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new Refusal(
    'out-of-range',
    `${world.id} tells ${names.length === 0 ? 'no other numbers' : `the other numbers ${names.join(', ')}`}, so others cannot name ${JSON.stringify(unknown)}`,
  );
}
