import fs from 'node:fs';
import { dirname, extname, join, parse } from 'node:path';
import * as z from 'zod';
import { PRESETS } from '../../agent/config.ts';
import { closestMatch } from '../../env/closest.ts';
import { describeOptions } from '../../env/index.ts';
import { UsageError } from '../common/errors.ts';
import { parseJson } from '../common/parse-json.ts';
import { readText } from '../common/read-file.ts';
import { LEAST_KEPT, MOST_KEPT } from '../run/kept-points.ts';
import { DEFAULT_FRAMES } from '../train/resolve-settings.ts';

/** Whole numbers as the command line takes them, `"1..5"`, or as an array. */
const list = z.union([z.string(), z.int(), z.array(z.int())]);
const values = z.record(z.string(), z.unknown());
const episodes = () => z.int().min(1).max(1_000_000);
const STRING = { takes: 'a string' };
const GRID = { takes: 'an object, in which a list of values makes an agent of each value' };
const LIST = { takes: 'whole numbers, such as "5..30,50,100" or [5, 10]' };

export const agentSchema = z.strictObject({
  agent: z.string().describe('the agent').meta({
    takes:
      'an agent that timegrid agents lists, a file such as "./my-pathway.ts", or some-package#Name',
  }),
  about: z.string().optional().describe('what this agent is for, in a sentence').meta(STRING),
  preset: z
    .string()
    .optional()
    .describe('network size preset')
    .meta({ takes: `one of ${Object.keys(PRESETS).join(', ')}` }),
  set: values.default({}).describe("keys of the agent's configuration").meta(GRID),
  envOptions: values.default({}).describe('options of the world').meta(GRID),
  seeds: list.optional().describe("seeds to train it with, in place of the study's").meta(LIST),
});
export const furtherSchema = z.strictObject({
  agents: z
    .array(z.string())
    .describe('which agents')
    .meta({ takes: 'a list of the names under "agents"' }),
  seeds: list.optional().describe('which seeds; all by default').meta(LIST),
  numbers: list.describe('further numbers to evaluate at').meta(LIST),
  episodes: episodes().optional().describe('episodes at each of these numbers'),
});
export const studySchema = z.strictObject({
  title: z.string().optional().describe('the title of the report').meta(STRING),
  env: z
    .string()
    .optional()
    .describe('the world; paths are relative to the study file')
    .meta(STRING),
  envOptions: values.default({}).describe('options of the world, for every agent').meta(GRID),
  set: values.default({}).describe('configuration of every agent').meta(GRID),
  frames: z
    .union([z.int(), z.string()])
    .default(DEFAULT_FRAMES)
    .describe('frames to train each run on')
    .meta({ takes: 'a whole number, such as 2000000 or "2M"' }),
  seeds: list.default([1]).describe('seeds to train each agent with').meta(LIST),
  keepCheckpoints: z
    .int()
    .min(LEAST_KEPT)
    .max(MOST_KEPT)
    .optional()
    .describe('checkpoints to keep of each training that this machine does, as train --keep does'),
  numbers: list
    .optional()
    .describe(
      'numbers to evaluate at; from the smallest trained number to 2.5 times the largest by default',
    )
    .meta(LIST),
  episodes: episodes().default(200).describe('episodes at each number'),
  agents: z
    .record(z.string(), z.unknown())
    .describe('the agents by name')
    .meta({ takes: 'an object of names and agents' }),
  further: z
    .array(z.unknown())
    .default([])
    .describe('extra evaluations for some agents')
    .meta({ takes: 'a list of {"agents", "seeds", "numbers", "episodes"}' }),
});

/** A study as its file declares it, and as flags do. */
export type StudySpec = z.input<typeof studySchema>;
export type AgentSpec = z.output<typeof agentSchema>;
/** Whole numbers: `"1..5"`, `7` or `[5, 10]`. */
export type NumberList = z.infer<typeof list>;

/** The keys of a study's file, of each of its agents, and of each further evaluation. */
export const STUDY_KEYS = describeOptions(studySchema);
export const AGENT_KEYS = describeOptions(agentSchema);
export const FURTHER_KEYS = describeOptions(furtherSchema);

/**
 * Reads a study's file, without checking what it says.
 * @throws UsageError for a file that is missing or is not JSON
 */
export function readStudyFile(path: string): unknown {
  if (!fs.existsSync(path)) throw new UsageError(noStudyAt(path));
  const text = readText(path);
  try {
    return parseJson(text);
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function noStudyAt(path: string): string {
  const folder = dirname(path);
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const studies = names.flatMap((name) => (extname(name) === '.json' ? [parse(name).name] : []));
  const closest = closestMatch(parse(path).name, studies);
  return `there is no file ${path}${closest ? `; did you mean ${join(folder, closest)}.json?` : ''}`;
}
