import fs from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { exportStep } from '../export/step-model.ts';
import { requireWritable, writeOutput } from '../output.ts';
import type { CheckpointName } from '../run/pointers.ts';
import { addCheckpointOption, addWorldOption } from './evaluation-options.ts';
import { addExamples } from './examples.ts';

interface Options {
  readonly onnx: string;
  readonly env?: string;
  readonly checkpoint?: CheckpointName;
  readonly overwrite?: boolean;
}

export default function define(command: Command): void {
  command
    .argument('<run>', "a run's folder, such as runs/nac-1")
    .requiredOption('--onnx <file>', 'where to write the model');
  addWorldOption(command);
  addCheckpointOption(command).option('--overwrite', 'replace the file if it exists').action(run);
  addExamples(command, {
    'timegrid export runs/nac-1 --onnx nac.onnx': 'one step of the agent, for any ONNX runtime',
    'timegrid export runs/nac-1 --onnx nac.onnx --checkpoint best --overwrite':
      'the best checkpoint in its place',
  });
}

async function run(path: string, options: Options): Promise<void> {
  const { onnx, checkpoint = 'last', overwrite, env } = options;
  if (fs.existsSync(onnx) && !overwrite) {
    throw new UsageError(`${onnx} exists already; give --overwrite to replace it, or another file`);
  }
  requireWritable(onnx);
  const { model, inputs, outputs } = await exportStep(path, checkpoint, {
    env,
    onNote: (sentence) => console.error(`note: ${sentence}`),
  });
  writeOutput(onnx, model);
  const given = Object.entries(inputs).map(([name, { dtype, shape }]) => [name, dtype, shape]);
  const returned = Object.entries(outputs).map(([name, shape]) => [name, 'float32', shape]);
  const written = (tensors: unknown[][]): string =>
    tensors
      .map(([name, dtype, shape]) => `${name} ${dtype} [${(shape as unknown[]).join(', ')}]`)
      .join('\n  ');
  console.log(
    `${onnx} holds one step of ${path} for N worlds; an episode begins with a state of zeros\nfrom\n  ${written(given)}\nto\n  ${written(returned)}`,
  );
}
