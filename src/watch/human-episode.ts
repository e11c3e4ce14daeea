import type { Env } from '../../env/index.ts';
import { EpisodeRecorder } from '../play/episode-recorder.ts';
import { startSeed } from '../play/episodes.ts';
import { MOST_STEPS } from '../play/replay.ts';
import { WorldEpisode } from '../play/world-episode.ts';
import type { PacedSocket } from './paced-socket.ts';
import type { ClientMessage } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { encodePicture } from './wire-picture.ts';
import { endMessage, stepsMessage, writeStep, writtenPosition } from './written-step.ts';

type PlayMessage = Extract<ClientMessage, { kind: 'play' }>;

/** Tries out the actions that a person's episode is to begin with, so that a refused request has changed nothing. */
export class Rehearsal {
  readonly id: number;
  readonly #message: PlayMessage;
  readonly #makeWorld: () => Env;
  readonly #episode: WorldEpisode;
  readonly #actions: number;
  #tried = 0;

  /** @throws OptionError for a number that the world refuses */
  constructor(message: PlayMessage, makeWorld: () => Env) {
    this.id = message.id;
    this.#message = message;
    this.#makeWorld = makeWorld;
    const world = makeWorld();
    this.#actions = world.actionSpace.n;
    try {
      this.#episode = new WorldEpisode(world, startOf(message));
    } catch (error) {
      world.close();
      throw error;
    }
  }

  /**
   * Tries actions, at least one, until `isOver`.
   * @returns the episode once all have been tried
   * @throws Refusal for an action that the world does not have or that comes after its end, WorldError where the world fails
   */
  advance(isOver: () => boolean): HumanEpisode | null {
    const { actions } = this.#message;
    while (this.#tried < actions.length) {
      const action = actions[this.#tried++]!;
      requireAction(action, this.#actions);
      if (this.#episode.end) {
        throw new Refusal('out-of-range', `the episode is over after ${this.#episode.steps} steps`);
      }
      this.#episode.step(action);
      if (isOver()) return null;
    }
    return new HumanEpisode(this.#message, this.#makeWorld());
  }

  close(): void {
    this.#episode.close();
  }
}

/** An episode that a person plays, in the same world and from the same start as the agents. */
export class HumanEpisode {
  readonly id: number;
  readonly #episode: WorldEpisode;
  readonly #recorder: EpisodeRecorder;
  readonly #actions: number;
  /** Actions that are still to be taken and sent. */
  readonly #pending: number[];
  #isBegun = false;

  /** @throws OptionError for a number that the world refuses */
  constructor(message: PlayMessage, world: Env) {
    this.id = message.id;
    this.#actions = world.actionSpace.n;
    this.#episode = new WorldEpisode(world, startOf(message), MOST_STEPS);
    this.#recorder = new EpisodeRecorder(this.#episode);
    this.#pending = [...message.actions];
  }

  /** Takes an action. @throws Refusal where it is not the turn of `step`, or the world has no such action */
  act(step: number, action: number): void {
    const { steps, end } = this.#episode;
    if (this.#pending.length > 0) {
      throw new Refusal('busy', 'the actions before this one are still on their way');
    }
    if (end) throw new Refusal('out-of-range', `the episode is over after ${steps} steps`);
    if (step !== steps) throw new Refusal('out-of-range', `this is moment ${steps}, not ${step}`);
    requireAction(action, this.#actions);
    this.#pending.push(action);
  }

  /** Sends that it has begun, or the step of one action. @returns whether there was anything to send */
  sendSome(socket: PacedSocket): boolean {
    const { id } = this;
    if (!this.#isBegun) {
      this.#isBegun = true;
      const { number, numbers, picture, position } = this.#recorder.start;
      this.#sendPicture(socket, picture);
      const facts = { checkpoint: null, from: 0, number, numbers, picture };
      const at = { position: writtenPosition(position) };
      socket.send({ kind: 'begin', id, agent: 'you', ...facts, ...at });
      return true;
    }
    const action = this.#pending.shift();
    if (action === undefined) return false;
    const from = this.#episode.steps;
    const step = this.#recorder.step(action, null);
    this.#recorder.take(); // each is sent as it comes, so none is kept
    this.#sendPicture(socket, step.picture);
    socket.sendText(stepsMessage({ id, agent: 'you' }, from, [writeStep(step)]));
    const { end } = this.#episode;
    if (end) socket.send(endMessage({ id, agent: 'you' }, end, null));
    return true;
  }

  close(): void {
    this.#episode.close();
  }

  #sendPicture(socket: PacedSocket, hash: number): void {
    socket.sendPicture(hash, () => encodePicture({ hash, ...this.#episode.render() }));
  }
}

const startOf = ({ seed, number, others }: PlayMessage) => ({
  seed: startSeed(seed),
  number,
  others,
});

function requireAction(action: number, count: number): void {
  if (action < count) return;
  throw new Refusal('out-of-range', `an action is from 0 to ${count - 1}, not ${action}`);
}
