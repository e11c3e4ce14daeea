import type { Env } from '../../env/index.ts';
import { refusing } from '../play/agent-episode.ts';
import { startSeed } from '../play/episodes.ts';
import { begun, RecordedWorld, stepped } from '../play/recorded-world.ts';
import { writtenSteps } from '../play/written-step.ts';
import type { Outbox } from './outbox.ts';
import type { ClientMessage } from './protocol.ts';
import { Refusal } from './refusal.ts';

type Play = Extract<ClientMessage, { kind: 'play' }>;

/** An episode that a person plays, in the same world and from the same start as the agents. */
export class HumanEpisode {
  readonly id: number;
  readonly #stage: RecordedWorld;
  readonly #actions: number;
  /** Actions that are still to be taken, and told of. */
  readonly #due: number[];
  #isBegun = false;

  /** @throws Refusal for a time or an action that there is not */
  constructor({ id, number, seed, actions }: Play, makeWorld: () => Env) {
    this.id = id;
    const start = startSeed(seed);
    rehearse(makeWorld(), start, number, actions);
    const world = makeWorld();
    this.#actions = world.actionSpace.n;
    this.#stage = new RecordedWorld(world, start, number);
    this.#due = [...actions];
  }

  /** Takes an action. @throws Refusal where it is not the turn of `step`, or there is no such action */
  act(step: number, action: number): void {
    const { steps, ending } = this.#stage;
    if (this.#due.length > 0) {
      throw new Refusal('busy', 'the actions before this one are still on their way');
    }
    if (ending) throw new Refusal('out-of-range', `the episode is over after ${steps} steps`);
    if (step !== steps) throw new Refusal('out-of-range', `this is moment ${steps}, not ${step}`);
    requireAction(action, this.#actions);
    this.#due.push(action);
  }

  /** Says that it has begun, or what came of an action. @returns whether there was anything to say */
  sendSome(outbox: Outbox): boolean {
    const { id } = this;
    if (!this.#isBegun) {
      this.#isBegun = true;
      this.#sendPicture(outbox);
      const { number, picture, position } = this.#stage.opening;
      const at = position && ([...position] as [number, number]);
      const facts = { checkpoint: null, from: 0, number, picture, position: at };
      outbox.send({ kind: 'begin', id, agent: 'you', ...facts });
      return true;
    }
    const action = this.#due.shift();
    if (action === undefined) return false;
    const from = this.#stage.steps;
    const step = this.#stage.step(action, null);
    this.#sendPicture(outbox);
    const written = writtenSteps([step], []);
    outbox.sendText(`{"kind":"steps","id":${id},"agent":"you","from":${from},"steps":${written}}`);
    const { ending } = this.#stage;
    if (ending) {
      const { steps, how, return: sum, metrics } = ending;
      const facts = { steps, how, return: sum, metrics, differsAt: null };
      outbox.send({ kind: 'end', id, agent: 'you', ...facts });
    }
    return true;
  }

  close(): void {
    this.#stage.close();
  }

  #sendPicture(outbox: Outbox): void {
    this.#stage.pictures.take(); // each is sent as it comes, so none is kept
    const { hash, bytes } = this.#stage.present();
    outbox.sendPicture(hash, () => bytes);
  }
}

/** @throws Refusal where the world would not take these actions */
function rehearse(
  world: Env,
  seed: string,
  number: number | null,
  actions: readonly number[],
): void {
  try {
    const observation = refusing(() => begun(world, seed, number));
    for (const [step, action] of actions.entries()) {
      requireAction(action, world.actionSpace.n);
      const { terminated, truncated } = stepped(world, step + 1, action, observation);
      if ((terminated || truncated) && step + 1 < actions.length) {
        throw new Refusal('out-of-range', `the episode is over after ${step + 1} steps`);
      }
    }
  } finally {
    world.close();
  }
}

function requireAction(action: number, count: number): void {
  if (action < count) return;
  throw new Refusal('out-of-range', `an action is from 0 to ${count - 1}, not ${action}`);
}
