/**
 * All that the server of `timegrid watch` and its page say to each other, over one WebSocket at {@link SOCKET_PATH}.
 *
 * Control is JSON, one message a text frame, told apart by `kind`; pictures are binary frames (`wire-picture.ts`). The
 * server speaks first: `hello`, then `rows`, `outcomes` and `curve` for each agent, and those again whenever they change. The page asks for
 * episodes; the server answers each, agent by agent, with `begin`, any number of `steps` and `end`. A picture is sent before
 * the first message that names it, and once a connection unless the page says that it forgot its pictures.
 *
 * A moment is numbered by the steps before it: moment 0 is the start. Step `i` is what an agent computed and did at moment `i`,
 * with the result at moment `i + 1`.
 */

import * as z from 'zod';
import {
  action,
  branch,
  MOST_PANES,
  MOST_STEPS,
  moment,
  number,
  others,
  picture,
  playerSchema,
  policy,
  seed,
  whole,
  worldReference,
} from '../play/replay.ts';

export type { NumberValues } from '../../env/number.ts';
export type { Policy } from '../play/episodes.ts';
export { type Replay, replaySchema } from '../play/replay.ts';

/** Changes whenever an older page could misunderstand; the page reloads itself where it differs from `hello`. */
export const PROTOCOL_VERSION = 1;
export const SOCKET_PATH = '/socket';

/** Why the server ends a connection; the reason is a sentence for people. */
export const CLOSE_CODES = {
  /** The server ends. */
  goingAway: 1001,
  /** More messages at once than anybody can mean. The page may connect again. */
  tooMany: 1008,
  /** It was idle, and has made room for another. The page connects again once it is used. */
  gaveWay: 4001,
  /** The page has not shown the secret of this server's address; connecting again is of no use. */
  stranger: 4003,
} as const;

/** Bytes of the longest message that a page may send: all actions of an episode, of up to three digits each, fit into one. */
export const MESSAGE_BYTES = 4 * MOST_STEPS + 1024;
/** Agents side by side. */
export const MOST_AGENTS = 4;
/** Episodes that a connection can ask for at a time. */
export const MOST_REQUESTS = 4;
/** Runs of a study that have a line, and characters of a line. */
export const MOST_LINES = 200;
export const LONGEST_LINE = 300;

const id = whole.max(1_000_000_000).describe("the page's own name of a request");
const agent = whole.max(MOST_PANES - 1).describe('position in the list of agents');
const horizon = moment.describe('steps numbered below this may be sent, of each agent');

/** What steps carry besides the plain facts; costly, so only on demand. */
export const EXTRAS = ['observed', 'pathway', 'lstm'] as const;

/** Everything that a page may say. */
export const clientMessageSchema = z.discriminatedUnion('kind', [
  /** Asks for an episode of every agent that has a checkpoint. One under way with the same id is cancelled. */
  z.strictObject({
    kind: z.literal('episode'),
    id,
    number,
    others,
    seed,
    policy,
    /** Its number must be one with which the world does not end before `at`. */
    branch,
    /** The agents as they were after so many frames of training, which one of them must have kept; left out: as they are now. */
    frames: whole.optional(),
    include: z.array(z.enum(EXTRAS)).max(EXTRAS.length).default([]),
    horizon,
    /** What the page already holds of this very episode, so that only the rest is sent; with another checkpoint all of it is. */
    have: z
      .array(z.strictObject({ agent, checkpoint: z.string().max(64), steps: moment }))
      .max(MOST_PANES)
      .default([]),
  }),
  /** Lets more of an episode be sent. A lower horizon than before changes nothing. */
  z.strictObject({ kind: z.literal('credit'), id, horizon }),
  /** Nothing more of this episode is wanted; one that a person plays ends. */
  z.strictObject({ kind: z.literal('cancel'), id }),
  /**
   * Begins an episode that a person plays, and takes `actions` at once (those taken before a reconnection). Answered with
   * `begin`, `steps` and perhaps `end`, all with agent `'you'`. The one before it ends.
   */
  z.strictObject({
    kind: z.literal('play'),
    id,
    number,
    others,
    seed,
    actions: z.array(action).max(MOST_STEPS).default([]),
  }),
  /** Takes an action at moment `step`, which must be the present one. */
  z.strictObject({ kind: z.literal('act'), id, step: moment, action }),
  /** The page has let go of its pictures: any may be sent again. */
  z.strictObject({ kind: z.literal('forget') }),
]);

/** Where the agent is, as fractions of the picture from its top left corner; null where the world does not say. */
const position = z.tuple([z.number(), z.number()]).nullable();
const pane = z.union([agent, z.literal('you')]);
/** A number that a network made; null where it has overflowed. */
const computed = z.number().nullable();

/** One step of an episode. */
export const stepSchema = z.object({
  action,
  /** Of each action; null for a person and in a replay. */
  probabilities: z.array(computed).nullable(),
  /** The return that the agent expects from here, in units of reward; null as above. */
  value: z.number().nullable(),
  reward: z.number(),
  /** The world as rendered after the step. */
  picture,
  position,
  /** The pixels that the agent saw before the step, with `observed`. */
  observed: picture.optional(),
  /** Outputs of the neural accumulator at this step, and then the units of its clock, if any, with `pathway`; empty where there is none. */
  pathway: z.array(computed).optional(),
  /** The output h of the LSTM at this step, with `lstm`. */
  lstm: z.array(computed).optional(),
});

/** A neural accumulator: names of the inputs, and weights −1…1 [inputs, outputs], row by row. */
const nacSchema = z.object({
  inputs: z.array(z.string()),
  outputs: whole,
  weights: z.array(z.number()),
});

export const agentSchema = z.object({
  /** Its name for people, distinct among the agents. */
  name: z.string(),
  /** The run's folder. */
  path: z.string(),
  /** Whether it is a person rather than an agent, in the replay of an episode that somebody played too. */
  person: z.boolean(),
  ...playerSchema.shape,
  /** Its pathway, in a word or two; what the LSTM gets, in a sentence; and the pathway's colour. Null where it has none. */
  pathwayLabel: z.string().nullable(),
  pathwaySummary: z.string().nullable(),
  colour: z.string().nullable(),
  /** Frames of the whole training. */
  totalFrames: whole.nullable(),
  /** Discount of a reward one step later. */
  discount: z.number(),
  /** Units of its LSTM; 0 in a replay. */
  lstm: whole,
  nac: nacSchema.nullable(),
  /** What its run has kept of its training, the fewest frames first. */
  kept: z.array(z.object({ frames: whole, checkpoint: z.string() })).optional(),
});

export const worldSchema = z.object({
  ...worldReference.shape,
  /** Names of the actions; an action is a position in this list. */
  actions: z.array(z.string()),
  /** Of a rendered picture. */
  height: whole,
  width: whole,
  /** What `number` means in this world, as of `env/number.ts`; null: it tells none, and `number` of a request must be null. */
  number: z
    .object({
      symbol: z.string(),
      meaning: z.string(),
      countsSteps: z.boolean(),
      stepsEach: z.string().optional(),
      trained: z.tuple([z.number(), z.number()]),
      maxReward: z.number(),
    })
    .nullable(),
  /** The numbers that it tells besides that one; `option` names each in `others` of a request. */
  otherNumbers: z
    .array(
      z.object({
        option: z.string(),
        symbol: z.string(),
        meaning: z.string(),
        countsSteps: z.boolean(),
        trained: z.tuple([z.number(), z.number()]),
      }),
    )
    .optional(),
});

/** How an agent did in the episodes that this server has played so far, at one number. */
export const rowSchema = z.object({
  number: whole,
  episodes: whole,
  meanReward: z.number(),
  /** Shares, 0 to 1. */
  exact: z.number(),
  arrived: z.number(),
  /** Null where none arrived. */
  meanArrival: z.number().nullable(),
});

/** Episodes at one number that are told one by one, those of the least indices; and numbers of which they are. */
export const MOST_OUTCOMES = 64;
export const MOST_OUTCOME_NUMBERS = 500;
/** How an episode went: exact, too little (early), too much (late), right by this number but not by another one, or never arrived. */
export const OUTCOMES = ['=', '<', '>', '~', 'x'] as const;

/** Episodes at one number: the character at place `i` is the outcome of episode `i`, or `.` where it was not played yet. */
export const outcomeRowSchema = z.object({
  number: whole,
  outcomes: z
    .string()
    .min(1)
    .max(MOST_OUTCOMES)
    .regex(/^[=<>~x.]+$/),
});

export const ERROR_CODES = [
  /** Not JSON, or not of the form that its kind has. */
  'malformed',
  /** No such kind of message. */
  'unknown',
  /** More bytes than a message may have. */
  'oversized',
  /** A number that this server, world or moment does not allow. */
  'out-of-range',
  /** The server does as much as it can; ask again. */
  'busy',
  /** The server could not do it; it is not the page's fault. */
  'failed',
] as const;

const line = z
  .string()
  .max(LONGEST_LINE)
  .regex(/^[^\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]*$/u);

/** Everything that the server says in text. */
export const serverMessageSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    protocol: whole,
    /** Version of the program. */
    version: z.string(),
    /** Another one after every start of the server. */
    server: z.string(),
    world: worldSchema,
    agents: z.array(agentSchema),
    /** Set where a replay file is watched: the only episode that there is. */
    replay: z.object({ number, others, seed, policy, branch, steps: whole }).nullable(),
    /** The greatest of what can be asked for. */
    limits: z.object({ number: whole, steps: whole, requests: whole, messageBytes: whole }),
  }),
  /** The agents have changed: a checkpoint, or a training that began. Same order and number as before. */
  z.object({ kind: z.literal('agents'), agents: z.array(agentSchema) }),
  z.object({
    kind: z.literal('begin'),
    id,
    agent: pane,
    checkpoint: z.string().nullable(),
    /** Number of the first step that will be sent: what the page has, or 0. */
    from: whole,
    /** The main number told at the start; null where the world tells none, or does not say. */
    number: z.number().nullable(),
    /** Every number told at the start, by the name of its option. */
    numbers: z.record(z.string(), z.number()).optional(),
    /** The accumulator of a checkpoint that was kept; null: it has none. */
    nac: nacSchema.nullable().optional(),
    /** Moment 0. */
    picture,
    position,
  }),
  /** Steps `from`, `from + 1`, … */
  z.object({
    kind: z.literal('steps'),
    id,
    agent: pane,
    from: whole,
    steps: z.array(stepSchema).min(1),
  }),
  z.object({
    kind: z.literal('end'),
    id,
    agent: pane,
    /** Steps of the whole episode. */
    steps: whole,
    /** The world's own end, the world's cut, or this server's (`MOST_STEPS`). */
    how: z.enum(['terminated', 'truncated', 'cut']),
    /** Summed reward. */
    return: z.number(),
    /** What the world says of the whole episode; the timed grid: arrived, exact, error. */
    metrics: z.record(z.string(), z.number()),
    /** Whether it could have been exact, whoever played; left out where the world does not say. */
    canBeExact: z.boolean().optional(),
    /** The first step where a replay differs from the world; null where it is true, or no replay. */
    differsAt: whole.nullable(),
  }),
  /** How an agent did at numbers, where that is new or has changed; where it `replaces`, the page forgets what it has of this agent and policy. */
  z.object({
    kind: z.literal('rows'),
    agent,
    policy,
    replaces: z.boolean(),
    rows: z.array(rowSchema),
  }),
  /** How its episodes went one by one, likewise. */
  z.object({
    kind: z.literal('outcomes'),
    agent,
    policy,
    replaces: z.boolean(),
    rows: z.array(outcomeRowSchema),
  }),
  /** Points of a learning curve from number `from` on, those after it forgotten: arrays of equal length. */
  z.object({
    kind: z.literal('curve'),
    agent,
    from: whole,
    frames: z.array(z.number()),
    /** Mean reward of training's own episodes; null where none ended. */
    reward: z.array(z.number().nullable()),
    /** Share of exact arrivals, likewise. */
    exact: z.array(z.number().nullable()),
  }),
  /** How a study stands whose runs other machines do: in a line, and a line for each run. Sent again whenever it changes. */
  z.object({ kind: z.literal('study'), summary: line, runs: z.array(line).max(MOST_LINES + 1) }),
  /** A message was refused and has changed nothing. `id` is that of the message where it had one. */
  z.object({
    kind: z.literal('error'),
    code: z.enum(ERROR_CODES),
    message: z.string(),
    id: id.optional(),
  }),
]);

export type ClientMessage = z.infer<typeof clientMessageSchema>;
/** What a page writes: fields with a default may be left out. */
export type ClientMessageInput = z.input<typeof clientMessageSchema>;
export type ServerMessage = z.infer<typeof serverMessageSchema>;
export type EpisodeRequest = Extract<ClientMessage, { kind: 'episode' }>;
/** Steps of an episode that a page already holds, in one checkpoint of an agent. */
export type HadSteps = EpisodeRequest['have'][number];
export type Step = z.infer<typeof stepSchema>;
export type AgentInfo = z.infer<typeof agentSchema>;
export type WorldInfo = z.infer<typeof worldSchema>;
export type NumberInfo = NonNullable<WorldInfo['number']>;
export type OtherNumberInfo = NonNullable<WorldInfo['otherNumbers']>[number];
export type RewardRow = z.infer<typeof rowSchema>;
export type EpisodeOutcome = (typeof OUTCOMES)[number];
export type OutcomeRow = z.infer<typeof outcomeRowSchema>;
export type StudyText = Omit<Extract<ServerMessage, { kind: 'study' }>, 'kind'>;
export type ErrorCode = (typeof ERROR_CODES)[number];
export type Extra = (typeof EXTRAS)[number];
export type PaneId = z.infer<typeof pane>;
