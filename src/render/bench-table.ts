import type { EngineResult } from '../bench/engines.ts';
import { REFERENCE_MILLISECONDS } from '../bench/matmul.ts';
import type { Spread } from '../bench/measure.ts';
import type { BenchmarkResult } from '../bench/run.ts';
import type { SlowWorldsResult } from '../bench/slow-worlds.ts';
import type { TrainingResult } from '../bench/training.ts';
import { nameOfWorld } from '../bench/world-name.ts';
import type { WorldStepsResult } from '../bench/world-steps.ts';
import { formatCount, formatNumber, formatPercent } from '../common/format.ts';
import { columns } from './align-columns.ts';
import { programTables } from './program-tables.ts';

/** Times of the yardstick as far apart as this mean that something else was running. */
const BUSY = 1.5;

/** The figures for people: lines joined by `\n`, without one at the end. */
export function formatBenchmarks(result: BenchmarkResult): string {
  const { worlds, slowWorlds, engines, training, programs = [] } = result;
  return [
    machine(result),
    ...(worlds ? [worldSteps(worlds)] : []),
    ...(slowWorlds ? [slowWorldSteps(slowWorlds)] : []),
    ...(engines ? [engineTable(engines)] : []),
    ...(training ? [trainingTable(training)] : []),
    ...programs.map(programTables),
  ].join('\n\n');
}

function machine({ machine: { cpu, cores, platform, node, timegrid }, matmul }: BenchmarkResult) {
  const { engine, median, min, max } = matmul;
  const milliseconds = (value: number): string => formatNumber(value, value < 10 ? 2 : 0);
  const proportion =
    engine === 'onnx'
      ? `; the README's figures are from a machine where it takes ${REFERENCE_MILLISECONDS} ms`
      : '';
  return [
    `timegrid ${timegrid}, node ${node.slice(1)}, ${platform}, ${cores} × ${cpu}`,
    `yardstick: ${milliseconds(median)} ms (${milliseconds(min)}–${milliseconds(max)}) for a 256 × 256 × 256 float32 product, engine ${engine}, one thread${proportion}`,
    ...(max > BUSY * median
      ? ['The machine was busy with something else: it can do more than these figures.']
      : []),
  ].join('\n');
}

function worldSteps({ worlds, pixels, stepsPerSecond, ...world }: WorldStepsResult): string {
  const [height, width] = pixels;
  return `${nameOfWorld(world)}: ${range(stepsPerSecond)} steps a second on one core; ${worlds} worlds, all ${height} × ${width} pixels written at every step`;
}

function slowWorldSteps(result: SlowWorldsResult): string {
  const { worlds, stepMilliseconds, alone, envWorkers, shared } = result;
  return `${worlds} worlds whose steps compute for ${stepMilliseconds} ms: ${range(alone)} steps a second, and ${range(shared)} with --env-workers ${envWorkers}`;
}

function engineTable(results: readonly EngineResult[]): string {
  return [
    `Frames a second in one thread, untrained agent with a NAC, ${nameOfWorld(results[0]!.world)} (median, and least to most of the runs):`,
    ...columns([
      ['preset', 'engine', 'acting', 'learning', 'rollout', 'distinct'],
      ...results.map(({ preset, engine, acting, learning, worlds, steps, distinctShare }) => [
        preset,
        engine,
        range(acting),
        range(learning),
        `${worlds} × ${steps}`,
        formatPercent(distinctShare),
      ]),
    ]),
  ].join('\n');
}

function trainingTable(results: readonly TrainingResult[]): string {
  return [
    `Frames a second of a whole training, worlds and all, engine ${results[0]!.engine}:`,
    ...columns([
      ['preset', 'world', 'threads', 'training', 'rollout', 'distinct', 'peak memory'],
      ...results.map(
        ({ preset, world, threads, framesPerSecond, worlds, steps, distinctShare, peakMemory }) => [
          preset,
          nameOfWorld(world),
          `${threads}`,
          range(framesPerSecond),
          `${worlds} × ${steps}`,
          formatPercent(distinctShare),
          `${Math.round(peakMemory / 1e6)} MB`,
        ],
      ),
    ]),
  ].join('\n');
}

const range = ({ median, min, max }: Spread): string =>
  `${formatCount(median)} (${formatCount(min)}–${formatCount(max)})`;
