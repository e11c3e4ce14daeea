import type { Env } from '../../env/index.ts';
import { EpisodeRecorder } from '../play/episode-recorder.ts';
import { startSeed } from '../play/episodes.ts';
import { MOST_STEPS } from '../play/replay.ts';
import { type EpisodeStart, WorldEpisode } from '../play/world-episode.ts';
import type { PacedSocket } from './paced-socket.ts';
import { type ClientMessage, encodePicture } from './protocol.ts';
import { Refusal } from './refusal.ts';
import { endMessage, stepsMessage, writeStep, writtenPosition } from './written-step.ts';

type PlayMessage = Extract<ClientMessage, { kind: 'play' }>;

/** An episode that a person plays, in the same world and from the same start as the agents. */
export class HumanEpisode {
  readonly id: number;
  readonly #episode: WorldEpisode;
  readonly #recorder: EpisodeRecorder;
  readonly #actions: number;
  /** Actions that are still to be taken and sent. */
  readonly #pending: number[];
  #isBegun = false;

  /** @throws OptionError for a number that the world refuses, Refusal for an action that it does not have */
  constructor({ id, number, others, seed, actions }: PlayMessage, makeWorld: () => Env) {
    this.id = id;
    const start = { seed: startSeed(seed), number, others };
    rehearse(makeWorld(), start, actions);
    const world = makeWorld();
    this.#actions = world.actionSpace.n;
    this.#episode = new WorldEpisode(world, start, MOST_STEPS);
    this.#recorder = new EpisodeRecorder(this.#episode);
    this.#pending = [...actions];
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

/** @throws Refusal where the world would not take these actions */
function rehearse(world: Env, start: EpisodeStart, actions: readonly number[]): void {
  try {
    const episode = new WorldEpisode(world, start);
    for (const action of actions) {
      requireAction(action, world.actionSpace.n);
      if (episode.end) {
        throw new Refusal('out-of-range', `the episode is over after ${episode.steps} steps`);
      }
      episode.step(action);
    }
  } finally {
    world.close();
  }
}

function requireAction(action: number, count: number): void {
  if (action < count) return;
  throw new Refusal('out-of-range', `an action is from 0 to ${count - 1}, not ${action}`);
}
