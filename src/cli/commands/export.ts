import fs from 'node:fs';
import type { Command } from 'commander';
import { UsageError } from '../../common/errors.ts';
import { formatCount } from '../../common/format.ts';
import { isStream, requireWritable, writeOutput } from '../../common/output.ts';
import { settleLock } from '../../run/lock.ts';
import { runNamed } from '../../run/pretrained.ts';
import { addExamples } from '../examples.ts';
import { refuseIdle } from '../refuse-idle.ts';
import { type AgentFlags, addCheckpointOption, addMovedOptions, RUN } from '../shared-options.ts';
import type { Terminal } from '../terminal.ts';

interface Options extends AgentFlags {
  readonly onnx?: string;
  readonly run?: string;
  readonly overwrite?: boolean;
}

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(...RUN)
    .option('--onnx <file>', 'write one step of the agent as an ONNX model')
    .option('--run <folder>', 'write a small copy of the run, without training-only data');
  addMovedOptions(command);
  addCheckpointOption(command)
    .option('--overwrite', 'replace the file or the folder if it exists')
    .action((path: string, options: Options) => {
      if (options.onnx === undefined) {
        refuseIdle(
          command,
          ['env', 'agent'],
          'without --onnx, since a copy needs no world or pathway',
        );
      }
      return run(runNamed(path), options, terminal);
    });
  addExamples(command, {
    'timegrid export nac --onnx nac.onnx': 'one step of a pretrained agent, for any ONNX runtime',
    'timegrid export nac --onnx nac.onnx --checkpoint best --overwrite':
      'its best checkpoint instead',
    'timegrid export nac --run shared/nac': 'a small copy to share',
  });
}

async function run(path: string, options: Options, terminal: Terminal): Promise<void> {
  const { onnx, run: folder } = options;
  if (onnx === undefined && folder === undefined) {
    throw new UsageError(
      'give --onnx <file> for a model, --run <folder> for a small copy of the run, or both',
    );
  }
  if (onnx !== undefined) await writeModel(path, onnx, options, terminal);
  if (folder !== undefined) await writeRun(path, folder, options, terminal);
}

async function writeRun(
  path: string,
  folder: string,
  options: Options,
  { print, note }: Terminal,
): Promise<void> {
  const { checkpoint = 'last', overwrite = false } = options;
  const { exportAgent } = await import('../../export/agent-alone.ts');
  await settleLock(folder, note);
  const { frames } = exportAgent(path, checkpoint, folder, { overwrite, onNote: note });
  print(
    `${folder} holds the agent of ${path} after ${formatCount(frames)} frames; watch it with: timegrid watch ${folder}`,
  );
}

async function writeModel(
  path: string,
  onnx: string,
  options: Options,
  { print, note }: Terminal,
): Promise<void> {
  const { checkpoint = 'last', overwrite, env, agent, allowCode } = options;
  if (fs.existsSync(onnx) && !isStream(onnx) && !overwrite) {
    throw new UsageError(`${onnx} exists; give --overwrite to replace it, or another file`);
  }
  requireWritable(onnx);
  const { exportStep } = await import('../../export/step-model.ts');
  const { model, inputs, outputs } = await exportStep(path, checkpoint, {
    env,
    agent,
    allowCode,
    onNote: note,
  });
  writeOutput(onnx, model);
  const given = Object.entries(inputs).map(([name, { dtype, shape }]) => [name, dtype, shape]);
  const returned = Object.entries(outputs).map(([name, shape]) => [name, 'float32', shape]);
  const written = (tensors: unknown[][]): string =>
    tensors
      .map(([name, dtype, shape]) => `${name} ${dtype} [${(shape as unknown[]).join(', ')}]`)
      .join('\n  ');
  print(
    `${onnx} holds one step of ${path} for N worlds; at the start of an episode the state is zero\ninputs\n  ${written(given)}\noutputs\n  ${written(returned)}`,
  );
}
