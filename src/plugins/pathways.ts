import type { Blueprint } from '../../agent/blueprint.ts';
import { agentConfigSchema } from '../../agent/config.ts';
import type { PathwaySpec } from '../../agent/pathways/pathway.ts';
import { pathwaySpecs, registerPathway } from '../../agent/pathways/registry.ts';
import { findInThread, findPlugin } from './find.ts';
import type { LoadedPlugin } from './kind.ts';
import { type PluginKind, propertyProblem } from './kind.ts';
import { knownPathway, pathwaySourceOf } from './known-pathway.ts';

export type LoadedPathway = LoadedPlugin<PathwaySpec>;

/**
 * The pathway that a person names: an id, a file that exports it, or one of a package.
 * @param from the folder from which a file or a package is looked for
 * @throws UsageError for a file or a package that holds no such pathway, or an unknown id
 */
export const findPathway = (named: string, from?: string): Promise<LoadedPathway> =>
  findPlugin(pathways, named, from);

/** Makes the pathway of an agent known to this thread, unless its programs are compiled. @throws as `findInThread` does */
export async function requirePathway({ recipe, compiled }: Blueprint): Promise<void> {
  const isCompiled = Object.keys(compiled).length > 0;
  if (!isCompiled) await findInThread(pathways, pathwaySourceOf(recipe.config));
}

export const pathways: PluginKind<PathwaySpec> = {
  noun: 'pathway',
  flag: '--agent',
  contract: 'a PathwaySpec, { id, summary, options, create }',
  specs: pathwaySpecs,
  find: knownPathway,
  register: registerPathway,
  problemOf: (value) => propertyProblem(value, ['id', 'summary'], ['options'], ['create']),
  inspect(spec) {
    const taken = Object.keys(spec.options.shape).find((key) => key in agentConfigSchema.shape);
    if (taken !== undefined)
      return `its option "${taken}" has the name of one that every agent has`;
    const defaults = spec.options.safeParse({});
    if (!defaults.success) {
      return `its option "${String(defaults.error.issues[0]!.path[0])}" must have a default`;
    }
    const pathway: unknown = spec.create(['t'], defaults.data, 2);
    const { featureSize, apply, ...lists } = Object(pathway) as Record<string, unknown>;
    const missing = ['parameters', 'accumulators', 'state'].find(
      (key) => !Array.isArray(lists[key]),
    );
    const problem =
      (missing && `its ${missing} must be an array`) ??
      (Number.isInteger(featureSize) ? undefined : 'its featureSize must be a whole number') ??
      (typeof apply === 'function' ? undefined : 'its apply must be a function');
    return problem && `what ${spec.id} creates is not a Pathway: ${problem}`;
  },
};
