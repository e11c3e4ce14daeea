import * as z from 'zod';
import { Failure } from '../common/errors.ts';
import { parseJson } from '../common/parse-json.ts';
import { VERSION } from '../common/version.ts';
import { pathwaySourceOf } from '../plugins/known-pathway.ts';
import type { PluginSource } from '../plugins/plugin-source.ts';
import { type TrainSettings, trainSettingsSchema } from '../run/train-settings.ts';
import type { Occasion, PlannedRun } from '../study/planned-run.ts';
import { runKey } from '../study/run-key.ts';

/** The version of this format. */
const FORMAT = 1;
/** Characters of a job. */
const MOST_JOB = 2 ** 20;
/** Seconds that Redis keeps what it holds of a run: at least a minute, at most a year. */
const LEAST_KEPT = 60;
const MOST_KEPT = 366 * 86_400;

const version = z.string().min(1).max(200);
const occasions = z
  .array(
    z.strictObject({
      numbers: z.array(z.int()).min(1).max(10_000),
      episodes: z.int().min(1).max(1_000_000),
    }),
  )
  .min(1)
  .max(100);

/** A fingerprint, and which of the module's exports it is: `#Maze`, or nothing for the only one. */
const codeSchema = z.strictObject({
  version,
  given: z.string().regex(/^(#[^\p{Cc}]{0,200})?$/u),
});

/** What is first read of a job: that much is the same in every version. */
const headSchema = z.looseObject({ format: z.int(), timegrid: version });

const jobSchema = z.strictObject({
  format: z.literal(FORMAT),
  /** The version of timegrid that declared it. */
  timegrid: version,
  /** For people; the key does not depend on it. */
  agent: z.string().min(1).max(1_000),
  settings: trainSettingsSchema,
  /** Of a world and a pathway of the user's own. */
  world: codeSchema.optional(),
  pathway: codeSchema.optional(),
  occasions,
  /** Seconds that Redis keeps checkpoints and results. */
  kept: z.int().min(LEAST_KEPT).max(MOST_KEPT),
});

/** A declared run as it lies in the queue, read and checked. */
export interface QueuedRun extends Omit<z.infer<typeof jobSchema>, 'settings' | 'occasions'> {
  readonly key: string;
  readonly settings: TrainSettings;
  readonly occasions: readonly Occasion[];
}

/** Code of the user's own that a run needs. */
export type NeededCode = z.infer<typeof codeSchema>;

/** A job that no worker can read, now or later. */
export class PoisonedJob extends Failure {}

/** A job of another version of timegrid. */
export class OtherVersion extends Failure {}

/** A job's key: of a run, so that the same run is one job whichever study asks for it. */
export const isKey = (text: string): boolean => /^[0-9a-f]{32}$/.test(text);

/** What a job holds, for a run that a study declares. @throws UsageError for a run that begins with the parameters of another */
export function jobOf({ agent, settings, occasions }: PlannedRun, kept: number): object {
  const { pathwaySource: _, ...config } = settings.config as Record<string, unknown>;
  const { source, ...env } = settings.env;
  const from = pathwaySourceOf(settings.config);
  return {
    ...{ format: FORMAT, timegrid: VERSION, agent },
    settings: { ...settings, config, env },
    ...(source && { world: codeOf(source) }),
    ...(from && { pathway: codeOf(from) }),
    ...{ occasions, kept },
  };
}

/** Where the code lies is no business of the queue, but which of a module's exports it is. */
const codeOf = ({ given, version }: PluginSource): NeededCode => ({
  version,
  given: /#.*/s.exec(given)?.[0] ?? '',
});

/**
 * Reads what a queue holds of a run. It may have been written by anybody.
 * @param key the job's id
 * @throws PoisonedJob, or OtherVersion for one that only another version can read
 */
export function readJob(key: string, text: string): QueuedRun {
  const refuse = (problem: string): never => {
    throw new PoisonedJob(`the job ${key.slice(0, 100)} cannot be read: ${problem}`);
  };
  if (!isKey(key)) return refuse('its id is not the key of a run');
  if (text.length > MOST_JOB) return refuse(`it holds ${text.length} characters, more than 1 MiB`);
  let given: unknown;
  try {
    given = parseJson(text);
  } catch (error) {
    return refuse(`it is not JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const head = headSchema.safeParse(given);
  if (head.success && head.data.timegrid !== VERSION) {
    throw new OtherVersion(
      `it was declared by timegrid ${head.data.timegrid}, and this is ${VERSION}: use the version that declared it`,
    );
  }
  const parsed = jobSchema.safeParse(given);
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
    return refuse(`${path.join('.').slice(0, 200) || 'it'}: ${message.slice(0, 200)}`);
  }
  const { settings, world, pathway, ...rest } = parsed.data;
  const { env, config, initFrom } = settings;
  if (env.source || 'pathwaySource' in config || initFrom) {
    return refuse('its settings name files of another machine');
  }
  const run = { ...rest, ...(world && { world }), ...(pathway && { pathway }), settings, key };
  if (runKey(withCode(run, {}), run.occasions) !== key) {
    return refuse('its key is not that of what it declares');
  }
  return run;
}

/**
 * The settings of a queued run, with where its code lies on this machine.
 * @param found absent where only its version matters
 */
export function withCode(
  { settings, world, pathway }: Pick<QueuedRun, 'settings' | 'world' | 'pathway'>,
  found: {
    readonly world?: PluginSource | undefined;
    readonly pathway?: PluginSource | undefined;
  },
): TrainSettings {
  const sourceOf = (needed: NeededCode | undefined, source?: PluginSource) =>
    source ?? (needed && { given: '', from: '', version: needed.version });
  const source = sourceOf(world, found.world);
  const pathwaySource = sourceOf(pathway, found.pathway);
  return {
    ...settings,
    env: { ...settings.env, ...(source && { source }) },
    config: { ...settings.config, ...(pathwaySource && { pathwaySource }) },
  };
}
