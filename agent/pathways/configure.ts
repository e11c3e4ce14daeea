import * as z from 'zod';
import { type AgentConfig, agentConfigSchema, ConfigError } from '../config.ts';
import { instructionNames, type Pathway, type PathwaySpec } from './pathway.ts';
import { pathwaySpec } from './registry.ts';

/** Everything that can be chosen about an agent with this pathway, with the defaults that hold for it. */
export function configSchemaOf({ options, defaults = {} }: PathwaySpec): z.ZodObject {
  const common: Record<string, z.ZodType> = agentConfigSchema.shape;
  const usual = Object.entries(defaults).map(([key, value]) => [key, common[key]!.default(value)]);
  return z.strictObject({ ...common, ...Object.fromEntries(usual), ...options.shape });
}

/** A configuration with every default filled in. @throws ZodError for an unknown key or a value out of range */
export function parseConfig(given: Readonly<Record<string, unknown>> = {}): AgentConfig {
  const { pathway } = agentConfigSchema.pick({ pathway: true }).strip().parse(given);
  return configSchemaOf(pathwaySpec(pathway)).parse(given) as AgentConfig;
}

/**
 * The pathway that a configuration asks for.
 * @param instruction names of the instruction's numbers, or how many there are
 * @param actions how many actions the world offers
 * @throws ConfigError for an unknown pathway, or options that it does not take
 */
export function createPathway(
  config: AgentConfig,
  instruction: readonly string[] | number,
  actions: number,
): Pathway {
  const { id, options, create } = pathwaySpec(config.pathway);
  const own = Object.keys(options.shape).map((key) => [key, config[key]]);
  const parsed = options.safeParse(Object.fromEntries(own));
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new ConfigError(`${id}: the option "${path.join('.')}": ${message}`);
  }
  const names = typeof instruction === 'number' ? instructionNames(instruction) : instruction;
  return create(names, parsed.data, actions);
}
