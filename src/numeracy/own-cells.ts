import type { Cell } from '../../agent/cells/cell.ts';
import { compile } from '../../agent/compiler/compile.ts';
import { answerProgram, type BatchedModel, ModelBatch } from '../../agent/model-batch.ts';
import * as tf from '../../agent/tf.ts';
import { placeOf } from '../../env/guard/thrown.ts';
import { UsageError } from '../common/errors.ts';
import { findCell } from '../plugins/cells.ts';
import type { PluginSource } from '../plugins/plugin-source.ts';

/** An arithmetic cell of the person's own, which is registered in this thread; plain data, so that others can load it too. */
export interface OwnCell {
  readonly id: string;
  readonly source: PluginSource;
}

/**
 * Imports the cells that a person names, and tries that each can be trained as a compiled graph.
 * @param named files, or packages
 * @throws UsageError in one sentence
 */
export async function loadOwnCells(named: readonly string[]): Promise<OwnCell[]> {
  const own = new Map<string, OwnCell>();
  for (const given of named) {
    const { spec, source } = await findCell(given);
    if (!source) {
      throw new UsageError(
        `${given} is a cell that comes with timegrid: name a file with a cell of your own, such as ./my-cell.ts`,
      );
    }
    if (!own.has(spec.id)) await requireCompiled(spec, given);
    own.set(spec.id, { id: spec.id, source });
  }
  return [...own.values()];
}

/** A sentence for each cell that does not come with this package, for a report. @param runs whose settings have its fingerprint */
export function ownCellNotes(
  runs: readonly { readonly settings: Readonly<Record<string, unknown>> }[],
): string[] {
  const notes = runs.flatMap(({ settings: { cell, model, fingerprint } }) =>
    fingerprint
      ? [`The code of ${cell ?? model} is not timegrid’s; its fingerprint: ${fingerprint}.`]
      : [],
  );
  return [...new Set(notes)];
}

/** Models, samples and inputs of the trial. */
const [M, B, I] = [2, 3, 2];

async function requireCompiled(cell: Cell, given: string): Promise<void> {
  const specs = cell.parameters('cell', I, 1);
  const model: BatchedModel = {
    name: `the cell ${cell.id}`,
    parameters: specs,
    inputs: { x: { shape: [M, B, I], dtype: 'float32' } },
    loss(parameters, { x }) {
      const squares = tf.mean(tf.square(cell.apply(parameters, 'cell', x!)), [1, 2]);
      const distance = tf.reshape(cell.distanceFromWhole(parameters, 'cell'), [M]);
      return tf.add(squares, distance) as tf.Tensor1D;
    },
  };
  try {
    await (await ModelBatch.create(model, ['a', 'b'])).dispose();
    compile(answerProgram(model.name, specs, M, I, (all, x) => cell.apply(all, 'cell', x)));
  } catch (error) {
    const { name, message } = error as Error;
    if (name !== 'Error') throw error;
    const problem = message.replace(/\s*\n\s*/g, ' ').replace(/\.$/, '');
    throw new UsageError(
      `${given}: ${problem}${placeOf(error)}; timegrid check ${given} says what to change`,
      { cause: error },
    );
  }
}
