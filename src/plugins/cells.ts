import type { Cell } from '../../agent/cells/cell.ts';
import { registerCell, registeredCell, registeredCells } from '../../agent/cells/registry.ts';
import type { ParameterSpec } from '../../agent/parameters.ts';
import * as tf from '../../agent/tf.ts';
import { suggestion } from '../../env/closest.ts';
import { describeThrown } from '../../env/guard/thrown.ts';
import { UsageError } from '../common/errors.ts';
import { findInThread, findPlugin } from './find.ts';
import { type LoadedPlugin, type PluginKind, propertyProblem } from './kind.ts';
import type { PluginSource } from './plugin-source.ts';

export type LoadedCell = LoadedPlugin<Cell>;

/**
 * The cell that a person names: an id, a file that exports it, or one of a package.
 * @param from the folder from which a file or a package is looked for
 * @throws UsageError for a file or a package that holds no such cell, or an unknown id
 */
export const findCell = (named: string, from?: string): Promise<LoadedCell> =>
  findPlugin(cellPlugins, named, from);

/** A registered cell. @throws UsageError naming the closest id, or all that there are */
export function knownCell(id: string): Cell {
  const cell = registeredCell(id);
  if (cell !== undefined) return cell;
  const ids = registeredCells().map((one) => one.id);
  throw new UsageError(`there is no cell "${id}"; ${suggestion(id, ids, 'cells')}`);
}

/** Makes a cell known to this thread, where it does not come with this package. @throws as `findInThread` does */
export const requireCell = (source: PluginSource | undefined): Promise<void> =>
  findInThread(cellPlugins, source);

export const cellPlugins: PluginKind<Cell> = {
  noun: 'cell',
  flag: '--cell',
  contract: 'a Cell, { id, summary, source, parameters, apply, distanceFromWhole, round, read }',
  specs: registeredCells,
  find: knownCell,
  register: registerCell,
  problemOf: (value) =>
    typeof value === 'function'
      ? 'it is a class or function: export the cell itself'
      : propertyProblem(value, ['id', 'summary', 'source'], [], FUNCTIONS),
  inspect(cell) {
    const parameters = attempt('parameters', () => parametersOf(cell));
    if (typeof parameters === 'string') return `the cell ${cell.id} ${parameters}`;
    const problem = attempt('apply', () => shapeProblem(cell, parameters));
    return problem && `the cell ${cell.id} ${problem}`;
  },
};

const FUNCTIONS = ['parameters', 'apply', 'distanceFromWhole', 'round', 'read'];

/** Sizes with which a cell is tried. */
const [B, I, O] = [4, 3, 2];

/** What a function of the cell gives; or what it throws, in words. */
function attempt<Result>(name: string, action: () => Result): Result | string {
  try {
    return action();
  } catch (error) {
    return `throws in ${name}: ${describeThrown(error)}`;
  }
}

/** Its parameters, or what is wrong with them. */
function parametersOf(cell: Cell): readonly ParameterSpec[] | string {
  const specs: unknown = cell.parameters('c', I, O);
  if (!Array.isArray(specs)) return 'must return an array from parameters';
  for (const [i, spec] of specs.entries()) {
    const { name, shape, initial } = Object(spec) as Partial<ParameterSpec>;
    const which = `has the parameter ${typeof name === 'string' ? name : `number ${i + 1}`}`;
    if (typeof name !== 'string') return `${which}, whose name must be a string, such as c/w`;
    const isShape = Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n > 0);
    if (!isShape) {
      return `${which}, whose shape must be an array of whole numbers of at least 1, such as [inputs, outputs]`;
    }
    if (typeof initial !== 'function') {
      return `${which}, whose initial must be a function that draws its first values, such as xavier`;
    }
    const size = shape.reduce((a, b) => a * b, 1);
    const values: unknown = initial(shape, () => 0.3);
    if (!(values instanceof Float32Array) || values.length !== size) {
      return `${which}, whose initial must return a Float32Array of ${size} numbers`;
    }
  }
  return specs;
}

/** What is wrong with the shape of what it gives. */
function shapeProblem(cell: Cell, specs: readonly ParameterSpec[]): string | undefined {
  if (tf.getBackend() === undefined) void tf.setBackend('cpu');
  return tf.tidy(() => {
    const parameters = Object.fromEntries(
      specs.map(({ name, shape, initial }) => [
        name,
        tf.tensor(
          initial(shape, () => 0.3),
          [...shape],
        ),
      ]),
    );
    const y: unknown = cell.apply(parameters, 'c', tf.ones([B, I]));
    if (!(y instanceof tf.Tensor)) return 'must return a tensor from apply';
    const isRight = y.rank === 2 && y.shape[0] === B && y.shape[1] === O;
    return isRight
      ? undefined
      : `returns [${y.shape}] from apply, not [${B},${O}], for x [${B},${I}] and ${O} outputs`;
  });
}
