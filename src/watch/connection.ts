import type { NumberValues } from '../../env/index.ts';
import type { Policy } from '../play/episodes.ts';
import { MOST_STEPS } from '../play/replay.ts';
import type { ClientBudget } from './client-budget.ts';
import { EpisodeSender } from './episode-sender.ts';
import type { EpisodeSource, SourceNews } from './episode-source.ts';
import { type HumanEpisode, Rehearsal } from './human-episode.ts';
import { NewsSender } from './news-sender.ts';
import { PacedSocket, type ReceivedMessage, type Wire } from './paced-socket.ts';
import {
  type AgentInfo,
  type ClientMessage,
  MESSAGE_BYTES,
  MOST_REQUESTS,
  PROTOCOL_VERSION,
} from './protocol.ts';
import { MessageRefusal, readMessage } from './read-message.ts';
import { Refusal } from './refusal.ts';
import type { Turns, TurnTaker } from './turns.ts';

/** The greatest number that can be requested: with the world's slack, such an episode ends before it is cut off. */
export const MOST_NUMBER = 16_000;
/** Ids of finished requests that are remembered, so that a late credit for one is not refused. */
const MOST_PAST = 64;
/** As how many messages one counts that is refused, and one that asks for an episode. */
const REFUSED = 10;
const EPISODE = 5;

export interface ConnectionSettings {
  readonly source: EpisodeSource;
  readonly budget: ClientBudget;
  readonly turns: Turns;
  /** Names this start of the server, and the program's version. */
  readonly server: string;
  readonly version: string;
  /** Called when the page looks at another policy than before. */
  onPolicy(): void;
  /** Called when the page has said something. */
  onUse(): void;
}

/** One page. All that is done for it is done in its turns. */
export class Connection implements TurnTaker {
  readonly budget: ClientBudget;
  readonly #settings: ConnectionSettings;
  readonly #source: EpisodeSource;
  readonly #socket: PacedSocket;
  readonly #news: NewsSender;
  readonly #requests = new Map<number, EpisodeSender>();
  readonly #past = new Set<number>();
  #rehearsal: Rehearsal | undefined;
  #human: HumanEpisode | undefined;
  #policy: Policy = 'greedy';
  #isGreeted = false;
  #isClosed = false;

  constructor(socket: Wire, settings: ConnectionSettings) {
    this.budget = settings.budget;
    this.#settings = settings;
    this.#source = settings.source;
    this.#news = new NewsSender(settings.source);
    this.#socket = new PacedSocket(socket, () => this.#wantTurn());
    this.#wantTurn();
  }

  /** The policy of the episode that the page asked for last. */
  get policy(): Policy {
    return this.#policy;
  }

  /** Whether it is the server that keeps the page waiting. */
  get isKeptWaiting(): boolean {
    return this.#socket.isKeptWaiting;
  }

  /** Notes what has changed; it is sent as soon as the page has room. */
  note(news: readonly SourceNews[]): void {
    this.#news.note(news);
    this.#wantTurn();
  }

  /** The page is gone. */
  close(): void {
    this.#isClosed = true;
    this.#settings.turns.leave(this);
    for (const id of this.#requests.keys()) this.#cancel(id);
    this.#rehearsal?.close();
    this.#endHuman();
  }

  /** Follows a message of the page and sends what there is to send. Nothing is done for a page that does not read. */
  takeTurn(isOver: () => boolean): boolean {
    if (this.#isClosed) return false;
    if (!this.#isGreeted) this.#greet();
    if (!this.#socket.hasRoom) return false;
    if (this.#rehearsal) this.#rehearse(this.#rehearsal, isOver);
    else this.#followNext();
    const isMore = this.#sendSome(isOver);
    return isMore || this.#rehearsal !== undefined || this.#socket.waiting > 0;
  }

  #wantTurn(): void {
    if (!this.#isClosed) this.#settings.turns.want(this);
  }

  #greet(): void {
    this.#isGreeted = true;
    const { world, replay, agents } = this.#source;
    const { version, server } = this.#settings;
    this.#socket.send({
      kind: 'hello',
      ...{ protocol: PROTOCOL_VERSION, version, server },
      ...{ world, replay, agents: [...agents] },
      limits: {
        ...{ number: MOST_NUMBER, steps: MOST_STEPS, requests: MOST_REQUESTS },
        messageBytes: MESSAGE_BYTES,
      },
    });
  }

  #followNext(): void {
    const received = this.#socket.next();
    if (!received) return;
    this.budget.spendMessages(1);
    if (received.kind === 'ping') {
      this.#socket.pong(received.data);
      return;
    }
    this.#settings.onUse();
    this.#receive(received);
  }

  #receive({ kind, data }: ReceivedMessage): void {
    let id: number | undefined;
    try {
      const message = readMessage(data, kind === 'binary');
      if ('id' in message) ({ id } = message);
      this.#follow(message);
    } catch (error) {
      const about = error instanceof MessageRefusal ? error.id : id;
      this.#sendRefusal(error, about);
    }
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
    this.budget.spendMessages(EPISODE - 1);
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
    const follower = { budget: this.budget, onMore: () => this.#wantTurn() };
    const request = new EpisodeSender(message, this.#source, agents, follower);
    this.#requests.get(id)?.cancel();
    this.#requests.set(id, request);
    if (policy === this.#policy) return;
    this.#policy = policy;
    this.#settings.onPolicy();
  }

  #play(message: Extract<ClientMessage, { kind: 'play' }>): void {
    requireNumber(this.#source, message.number, 'number');
    requireOthers(this.#source, message.others);
    this.#rehearsal = new Rehearsal(message, () => this.#source.makeWorld());
  }

  /** Tries out the actions of an episode that a person plays, and then begins it instead of the one before. */
  #rehearse(rehearsal: Rehearsal, isOver: () => boolean): void {
    try {
      const episode = rehearsal.advance(isOver);
      if (!episode) return;
      this.#endHuman();
      this.#human = episode;
    } catch (error) {
      this.#sendRefusal(error, rehearsal.id);
    }
    this.#rehearsal = undefined;
    rehearsal.close();
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

  /** Sends some of what there is to send, as long as the page takes it. @returns whether there may be more */
  #sendSome(isOver: () => boolean): boolean {
    let isMore = true;
    while (isMore && this.#socket.hasRoom && !isOver()) {
      isMore = this.#news.sendSome(this.#socket);
    }
    for (const [id, request] of this.#requests) {
      if (request.sendSome(this.#socket)) isMore = true;
      if (request.isDone) this.#over(id);
    }
    while (this.#socket.hasRoom && this.#sendHuman()) {
      isMore = true;
      if (isOver()) break;
    }
    return isMore && this.#socket.hasRoom;
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
    this.budget.spendMessages(REFUSED - 1);
    const { code, message } = Refusal.of(error);
    this.#socket.send({ kind: 'error', code, message, ...(id !== undefined && { id }) });
  }
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
