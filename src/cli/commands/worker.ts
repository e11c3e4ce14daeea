import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { formatCount } from '../../common/format.ts';
import { count } from '../../common/parse.ts';
import { queueAddress } from '../../queue/address.ts';
import { serveQueue } from '../../queue/worker.ts';
import { addExamples } from '../examples.ts';
import { createProgress } from '../progress.ts';
import { addEnvWorkersOption } from '../shared-options.ts';
import { stopOnSignals } from '../signals.ts';
import type { Terminal } from '../terminal.ts';

interface Options {
  readonly jobs: number;
  readonly lease: number;
  readonly idle?: number;
  readonly artifacts?: string;
  readonly allowCode?: boolean;
  readonly env?: readonly string[];
  readonly agent?: readonly string[];
  readonly envWorkers?: number;
}

const LEASE = 30;

export default function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '<address>',
      'where the queue is: redis://host:6379, or rediss://user:password@host for TLS',
    )
    .addOption(
      new Option('--jobs <count>', 'runs at once')
        .argParser(count('--jobs', { max: 1_000 }))
        .default(availableParallelism(), 'the number of cores'),
    )
    .option(
      '--artifacts <folder>',
      'a folder that all workers share: runs and results stay there, and checkpoints do not go through Redis',
    )
    .option(
      '--idle <seconds>',
      'end after so many seconds without a run (default: wait for ever)',
      count('--idle', { min: 0 }),
    )
    .addOption(
      new Option(
        '--lease <seconds>',
        'how long a run is kept for a worker that gives no sign of life, before another takes it over',
      )
        .argParser(count('--lease', { max: 3_600 }))
        .default(LEASE),
    );
  addEnvWorkersOption(command)
    .optionsGroup("Worlds and pathways of the user's own:")
    .option('--env <world...>', 'worlds that runs may use: a file, or some-package#World')
    .option('--agent <pathway...>', 'pathways that runs may use: a file, or some-package#Name')
    .option(
      '--allow-code',
      'run whatever world or pathway comes with a run: only for a queue that you trust',
    )
    .action((address: string, options: Options) => run(address, options, terminal));
  command.addHelpText(
    'after',
    '\nAt the first Ctrl-C it saves and gives back the runs that it has: another worker continues them from where they are.\nA password that is not to be seen in the list of processes may be in REDISCLI_AUTH.',
  );
  addExamples(command, {
    'timegrid worker redis://localhost:6379': 'do runs for whichever study asks for them',
    'timegrid worker redis://localhost:6379 --jobs 1 --idle 60':
      'one run at a time, until there are no more',
  });
}

async function run(text: string, options: Options, terminal: Terminal): Promise<void> {
  const address = queueAddress('<address>')(text);
  // Processes that run a user's own code inherit the rest of the environment.
  delete process.env.REDISCLI_AUTH;
  const { jobs, lease, idle, artifacts, allowCode = false, env = [], agent = [] } = options;
  const progress = createProgress(terminal.io.stderr, { logParts: 4 });
  const signals = stopOnSignals(terminal.io, () =>
    progress.note('saving the runs and giving them back; press Ctrl-C again to end at once'),
  );
  const nameOf = (run: {
    readonly key: string;
    readonly agent: string;
    readonly settings: { readonly seed: number };
  }) => `${run.key.slice(0, 8)} ${run.agent}, seed ${run.settings.seed}`;
  try {
    await serveQueue({
      ...{ address, jobs, lease, idle, artifacts, allowCode, env, agent },
      envWorkers: options.envWorkers,
      signal: signals.stop,
      onReady: () => progress.note(`waiting for runs at ${address.shown}, ${jobs} at once`),
      onNote: progress.note,
      onStart: (run) => progress.update(nameOf(run), 0, []),
      onProgress: (run, share, speed) =>
        progress.update(
          nameOf(run),
          share,
          speed > 0 ? [`${formatCount(speed)} frames/s`] : ['evaluating'],
        ),
      onEnd(run, ending) {
        const what =
          ending.is === 'over'
            ? ending.failure === undefined
              ? 'finished'
              : `failed: ${ending.failure}`
            : ending.is === 'lost'
              ? 'another worker has taken it over'
              : 'given back';
        progress.finish(nameOf(run), what);
      },
    });
  } finally {
    progress.close();
    signals.release();
  }
  if (signals.exitCode !== 0) terminal.say('everything is given back');
  terminal.exitCode = signals.exitCode;
}
