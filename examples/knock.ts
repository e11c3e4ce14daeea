// Knock-v0: be told a number n, knock exactly n times, then open the door.
//
// actions      0 knock, 1 open
// pixels       uint8 [24, 24, 3]: a door, white while it is knocked on. Nothing shows how many knocks there were: the agent must remember
// instruction  float32 [1]: n, told at every step
// reward       on opening after k knocks: max(0, 10 - |k - n|); otherwise 0
// terminated   when the door is opened
// truncated    after n + 12 steps
// metrics      exact and arrived, 0 or 1; error, k - n, where the door was opened
//
// Make it your own: what an episode starts from (reset), what an action does (step), what the agent sees (#observe), and what
// determines how it continues (state, restore). Then run: timegrid check ./knock.ts

import {
  Box,
  Discrete,
  type Env,
  EnvError,
  type EnvSpec,
  type Frame,
  type InstructedNumber,
  type Json,
  type Observation,
  parseOptions,
  Random,
  type ResetArguments,
  type ResetResult,
  restart,
  type StepResult,
  termination,
  transition,
  truncation,
  z,
} from 'timegrid/env';

const ID = 'Knock-v0';
const SIDE = 24; // pixels
const GREATEST = 10_000; // the largest number of knocks that can be requested
const SLACK = 12; // extra steps allowed beyond n
const MAX_REWARD = 10;

// Options of the world (timegrid train --env-option most=8), each with its default.
const options = z.strictObject({
  most: z.int().min(1).max(GREATEST).default(6).describe('the largest number of knocks in training'),
});

// Options of one episode: the number, within the training range or far beyond.
const resetOptions = z.strictObject({
  knocks: z.int().min(1).max(GREATEST).optional().describe('the number of knocks in this episode'),
});

class World implements Env {
  spec: EnvSpec = spec;
  options: z.infer<typeof options>;
  observationSpace = {
    pixels: new Box([SIDE, SIDE, 3], 'uint8', 0, 255),
    instruction: new Box([1], 'float32', 1, GREATEST),
  };
  actionSpace = new Discrete(['knock', 'open']);
  // What an evaluation varies. A world without a number leaves this out; one that tells several lists the others as otherNumbers.
  number: InstructedNumber;
  #random: Random | undefined;
  #asked = 1;
  #knocks = 0;
  #isKnocking = false;
  #steps = 0;
  #isOver = true;

  constructor(given?: unknown) {
    this.options = parseOptions(ID, options, given);
    this.number = {
      option: 'knocks',
      symbol: 'n',
      meaning: 'knocks',
      countsSteps: false,
      trained: [1, this.options.most],
      maxReward: MAX_REWARD,
    };
  }

  // Begins an episode. Everything random comes from one generator, so the seed decides all of it.
  reset({ seed, options: given }: ResetArguments = {}, into?: Observation): ResetResult {
    const { knocks } = parseOptions(ID, resetOptions, given);
    if (seed !== undefined) this.#random = new Random(seed);
    this.#random ??= new Random();
    const drawn = this.#random.integer(1, this.options.most);
    this.#asked = knocks ?? drawn;
    this.#knocks = 0;
    this.#isKnocking = false;
    this.#steps = 0;
    this.#isOver = false;
    return restart(this.#observe(into));
  }

  step(action: number, into?: Observation): StepResult {
    if (this.#random === undefined) throw new EnvError(`${ID}: reset it before the first step`);
    if (this.#isOver) throw new EnvError(`${ID}: the episode is over; reset it`);
    if (!this.actionSpace.contains(action)) {
      throw new EnvError(`${ID}: an action is 0 or 1, not ${action}`);
    }
    this.#steps++;
    this.#isKnocking = action === 0;
    if (this.#isKnocking) this.#knocks++;
    const isOpen = action === 1;
    const isLate = this.#steps >= this.#asked + SLACK;
    this.#isOver = isOpen || isLate;
    const observation = this.#observe(into);
    if (isOpen) {
      const error = this.#knocks - this.#asked;
      const metrics = { exact: error === 0 ? 1 : 0, arrived: 1, error };
      return termination(observation, Math.max(0, MAX_REWARD - Math.abs(error)), { metrics });
    }
    if (isLate) return truncation(observation, 0, { metrics: { exact: 0, arrived: 0 } });
    return transition(observation, 0);
  }

  // The picture for people: here, the same as the agent sees.
  render(): Frame {
    return { pixels: this.#observe().pixels, height: SIDE, width: SIDE };
  }

  // Releases resources: here, none.
  close() {}

  // Everything that determines how the world continues, so that an interrupted training resumes with the same bits.
  state(): Json {
    if (this.#random === undefined) throw new EnvError(`${ID}: reset it before taking its state`);
    return {
      random: this.#random.state(),
      asked: this.#asked,
      knocks: this.#knocks,
      isKnocking: this.#isKnocking,
      steps: this.#steps,
      isOver: this.#isOver,
    };
  }

  restore(given: Json, into?: Observation): Observation {
    const { success, data } = stateSchema.safeParse(given);
    if (!success) throw new EnvError(`${ID}: this is not a state of such a world`);
    this.#random = Random.restore(data.random);
    this.#asked = data.asked;
    this.#knocks = data.knocks;
    this.#isKnocking = data.isKnocking;
    this.#steps = data.steps;
    this.#isOver = data.isOver;
    return this.#observe(into);
  }

  // Writes what the agent sees into the arrays passed in, every element of them.
  #observe(into?: Observation): Observation {
    const observation = into ?? {
      pixels: new Uint8Array(this.observationSpace.pixels.length),
      instruction: new Float32Array(1),
    };
    const { pixels, instruction } = observation;
    pixels.fill(0);
    const shade = this.#isKnocking ? 255 : 96;
    for (let row = 4; row < SIDE; row++) {
      pixels.fill(shade, (row * SIDE + 7) * 3, (row * SIDE + SIDE - 7) * 3);
    }
    instruction[0] = this.#asked;
    return observation;
  }
}

const count = z.int().min(0);
const stateSchema = z.strictObject({
  random: z.unknown(),
  asked: count,
  knocks: count,
  isKnocking: z.boolean(),
  steps: count,
  isOver: z.boolean(),
});

const spec: EnvSpec = {
  id: ID,
  summary: 'Knock exactly as many times as told, then open.',
  options,
  resetOptions,
  metrics: [], // the names of further metrics, besides exact, arrived and error
  create: (given) => new World(given),
};

export default spec;
