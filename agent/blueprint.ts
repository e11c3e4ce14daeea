import type { CompiledProgram } from './compiler/compile.ts';
import type { Program } from './compiler/program.ts';
import { type EncoderProgramName, sharedProgramNames } from './encoder/program-names.ts';
import type { EncoderShapes } from './encoder/shapes.ts';
import type { Engine, EngineName, Runner } from './engines/engine.ts';
import { loadEngine } from './engines/index.ts';
import type { ParameterLayout } from './parameters.ts';
import type { Recipe } from './programs.ts';

/** The programs that act and learn in B worlds. */
export type ProgramName = 'act' | 'gradients' | EncoderProgramName;

/**
 * An agent's programs for B worlds as plain data, to be sent to a worker thread, which needs TensorFlow.js only for programs that
 * were not compiled with it, or where the engine runs eagerly.
 */
export interface Blueprint {
  readonly recipe: Recipe;
  readonly engine: EngineName;
  /** Worlds of this thread, and of all threads together. */
  readonly B: number;
  readonly totalWorlds: number;
  readonly layout: ParameterLayout;
  readonly stateSize: number;
  readonly actionSlots: number;
  readonly driveSize: number;
  readonly encoder: EncoderShapes;
  /** The compiled programs, where the engine runs compiled ones. A thread that loads another one has to compile it. */
  readonly compiled: Partial<Record<ProgramName, CompiledProgram>>;
}

/**
 * @param programs those that will be loaded from it
 * @throws ConfigError where the network does not fit the world, EngineUnavailable for the engine
 */
export async function makeBlueprint(
  recipe: Recipe,
  engineName: EngineName,
  worlds: { B: number; totalWorlds?: number },
  programs: readonly ProgramName[] = [
    'encode',
    ...sharedProgramNames(recipe.config),
    'act',
    'gradients',
  ],
): Promise<Blueprint> {
  const engine = await loadEngine(engineName);
  const { network } = await import('./programs.ts').then((m) => m.programsFor(recipe));
  const { B, totalWorlds = B } = worlds;
  const compiled: Blueprint['compiled'] = {};
  if (engine.kind === 'graph') {
    const { compile } = await import('./compiler/compile.ts');
    for (const name of programs)
      compiled[name] = compile(await makeProgram(recipe, name, B, totalWorlds));
  }
  const { layout, stateSize, actionSlots, driveSize, encoder } = network;
  return {
    ...{ recipe, engine: engineName, B, totalWorlds, compiled },
    ...{ layout, stateSize, actionSlots, driveSize, encoder },
  };
}

/**
 * Makes a program of a blueprint ready to run in this thread.
 * @param given what loads it, in place of the blueprint's own engine: one of the same kind
 */
export async function loadProgram(
  blueprint: Blueprint,
  name: ProgramName,
  given?: Engine,
): Promise<Runner> {
  const { recipe, B, totalWorlds, compiled } = blueprint;
  const engine = given ?? (await loadEngine(blueprint.engine));
  const program = compiled[name] ?? (await makeProgram(recipe, name, B, totalWorlds));
  if (engine.kind === 'eager') return engine.load(program as Program);
  const { compile } = await import('./compiler/compile.ts');
  return engine.load('model' in program ? program : compile(program));
}

async function makeProgram(
  recipe: Recipe,
  name: ProgramName,
  B: number,
  totalWorlds: number,
): Promise<Program> {
  const { programsFor } = await import('./programs.ts');
  const programs = programsFor(recipe);
  if (name === 'encode' || name === 'encodeBackward') return programs[name]();
  if (name === 'act') return programs.act(B);
  if (name === 'gradients') return programs.gradients(B, totalWorlds);
  return programs.shared(name);
}
