import type { Env } from '../contract.ts';
import { printable } from '../printable.ts';
import { show } from './answer-rules.ts';

/**
 * What is wrong with the spaces that a world declares; undefined where they are well-formed. They are judged by their contents, not
 * by their class, which may come from another copy of this package.
 */
export function spacesProblem(world: Partial<Env>): string | undefined {
  const { pixels, instruction } = world.observationSpace ?? {};
  return (
    boxProblem('observationSpace.pixels', pixels, 'uint8', 3) ??
    (pixels?.shape.includes(0) ? 'observationSpace.pixels has no pixels' : undefined) ??
    boxProblem('observationSpace.instruction', instruction, 'float32', 1) ??
    actionsProblem(world.actionSpace)
  );
}

function boxProblem(name: string, given: unknown, dtype: string, rank: number): string | undefined {
  const box = given as Partial<Env['observationSpace']['pixels']> | undefined | null;
  if (!Array.isArray(box?.shape)) return `${name} is ${show(given)}, not a Box`;
  const { shape, low, high, length } = box;
  if (box.dtype !== dtype)
    return `${name} has the dtype ${typeof box.dtype === 'string' ? box.dtype : show(box.dtype)}, not ${dtype}`;
  if (shape.length !== rank)
    return `${name} has the shape [${shape.join(', ')}], not one of ${rank}`;
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0) || length !== size) {
    return `${name} has the shape [${shape.join(', ')}] and ${length} elements`;
  }
  const bounded = Number.isFinite(low) && Number.isFinite(high) && low! <= high!;
  return bounded ? undefined : `${name} has the bounds ${show(low)} and ${show(high)}`;
}

function actionsProblem(given: Env['actionSpace'] | undefined): string | undefined {
  const { n, names } = given ?? {};
  if (!Array.isArray(names) || names.length === 0) return 'actionSpace has no action names';
  if (n !== names.length) return `actionSpace has ${names.length} names for ${show(n)} actions`;
  const wrong = names.findIndex(
    (name, i) => typeof name !== 'string' || name !== printable(name) || names.indexOf(name) < i,
  );
  return wrong < 0
    ? undefined
    : `action ${wrong} has the name ${show(names[wrong])}, which is taken, not a string, or holds control characters`;
}
