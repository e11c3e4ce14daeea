import {
  formatCount,
  formatNumber,
  formatPercent,
  formatRange,
  formatWhole,
} from '../common/format.ts';
import { printableData } from '../common/printable-data.ts';
import { MOSTLY_EXACT } from '../evaluate/summary.ts';
import { type Arithmetic, type LearnedFormula, sizeOf } from '../explain/arithmetic.ts';
import type { Behaviour, Explanation } from '../explain/explain.ts';
import { columns } from './align-columns.ts';

/** Formulas of one accumulator that are written out. */
const MOST_FORMULAS = 6;
/** Accumulators with more inputs are summed up by their strongest terms instead. */
const MOST_INPUTS = 6;
const MOST_TERMS = 8;
/** Distances in the table of departures. */
const MOST_DISTANCES = 10;

/** An explanation for the terminal: lines joined by `\n`, without one at the end. */
export function formatExplanation(given: Explanation): string {
  const explanation = printableData(given);
  const { run, pathway, summary, seed, frames, number, instruction, arithmetic } = explanation;
  const symbol = number?.symbol ?? 't';
  const trained = number ? `, on ${symbol} = ${formatRange(...number.trained)}` : '';
  const sections = [
    [`${run}: ${pathway}, seed ${seed}, trained on ${formatCount(frames)} frames${trained}`],
    numbersTold(explanation),
    [
      summary,
      ...arithmetic.flatMap((one, i) =>
        accumulator(one, { instruction, symbol, isLast: i === arithmetic.length - 1 }),
      ),
    ],
    departures(explanation, symbol),
    failure(explanation, symbol),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

/** Where there are several: each with its meaning and range, and whether it is fixed. */
function numbersTold({ number, otherNumbers }: Explanation): string[] {
  if (number === null || otherNumbers.length === 0) return [];
  const named = ({ symbol, meaning }: { symbol: string; meaning: string }): string =>
    `${symbol} (${meaning})`;
  return [
    `It is told ${otherNumbers.length + 1} numbers:`,
    `  ${named(number)}, trained on ${formatRange(...number.trained)}: the main one, varied below`,
    ...otherNumbers.map((other) => {
      const how =
        other.fixed === null ? 'drawn by the world' : `fixed at ${formatWhole(other.fixed)}`;
      return `  ${named(other)}, trained on ${formatRange(...other.trained)}: ${how}`;
    }),
  ];
}

/** Where an accumulator stands. */
interface Place {
  /** Names of the instruction's elements. */
  readonly instruction: readonly string[];
  /** Of the main number. */
  readonly symbol: string;
  /** Whether its outputs are the features that the LSTM gets. */
  readonly isLast: boolean;
}

function accumulator(one: Arithmetic, place: Place): string[] {
  const { name, cell, inputs, outputs, keeps, memory } = one;
  const { instruction, isLast } = place;
  const lines = [
    `  ${name}${cell === name || cell === 'nac' ? '' : ` (${cell})`}: ${wholeness(one)}`,
  ];
  if (inputs.length > MOST_INPUTS) lines.push(...strongest(one));
  else lines.push(...formulas(one, place));
  if (keeps === 'outputs' && memory !== null) lines.push(`    ${remembered(memory)}`);
  if (isLast && keeps === 'nothing' && inputs.every((i) => instruction.includes(i))) {
    lines.push(
      `    nothing in it counts: its ${outputs.length} outputs stay as they are all episode`,
    );
  }
  return lines;
}

/** `each of 34 weights is nearly −1, 0 or 1` */
function wholeness({ formulas, powers, saturated, zero, between }: Arithmetic): string {
  const count = saturated + zero + between;
  const whole = powers ? 'whole' : '−1, 0 or 1';
  if (between > 0) {
    const size = powers ? 'whole' : '−1 or 1';
    return `of ${count} weights, ${saturated} are nearly ${size}, ${zero} nearly 0, ${between} neither`;
  }
  const nearly = formulas.every((one) => one.whole) ? '' : 'nearly ';
  return `${count === 1 ? 'its one weight' : `each of ${count} weights`} is ${nearly}${whole}`;
}

/** The greatest weights of an accumulator that is too large to be written out. */
function strongest(one: Arithmetic): string[] {
  const { weights, powers } = one;
  const areSame = `${weights}` === `${powers}`;
  return [
    ...(weights
      ? [`    strongest${areSame ? ', as factor or power' : ''}: ${greatest(one, weights, '·')}`]
      : []),
    ...(powers && !areSame ? [`    strongest powers: ${greatest(one, powers, '^')}`] : []),
  ];
}

/** `n3 ← 0.97·n7, n1 ← n2^0.91`, the greatest first. */
function greatest({ inputs, outputs }: Arithmetic, all: readonly number[], sign: string): string {
  return [...all.keys()]
    .sort((a, b) => Math.abs(all[b]!) - Math.abs(all[a]!))
    .slice(0, MOST_TERMS)
    .map((at) => {
      const from = inputs[Math.floor(at / outputs.length)]!;
      const size = formatNumber(all[at]!, 2);
      return `${outputs[at % outputs.length]} ← ${sign === '·' ? `${size}·${from}` : `${from}^${size}`}`;
    })
    .join(', ');
}

function remembered(memory: number): string {
  const share = formatNumber(memory, 2);
  if (Math.abs(memory - 1) < 0.005)
    return 'what it remembers lasts: none is lost from step to step';
  const steps = Math.abs(Math.log(2) / Math.log(memory));
  const time = `${formatNumber(steps, steps < 10 ? 1 : 0)} steps`;
  return memory < 1
    ? `of what it remembers longest, ${share} is left a step later: half is gone in ${time}`
    : `what it remembers grows by itself, ${share} times a step: it doubles in ${time}`;
}

function formulas(
  { formulas: all, keeps, outputs }: Arithmetic,
  { symbol, isLast }: Place,
): string[] {
  const shown = all.slice(0, MOST_FORMULAS);
  const lines = shown.map((one) => {
    if (keeps !== 'nothing') return `    ${kept(one)}`;
    return isLast ? `    ${shared(one)}${meaning(one, symbol)}` : `    ${made(one)}`;
  });
  const left = outputs.length - shown.reduce((total, one) => total + sizeOf(one), 0);
  return left > 0 ? [...lines, `    and ${left} more`] : lines;
}

/** `n1 = n1 − 1, from 0 at the start` */
function kept({ formula, whole, outputs }: LearnedFormula): string {
  return `${outputs[0]} ${whole ? '=' : '≈'} ${formula}, from 0 at the start`;
}

/** `m1 = p · b`, `m1, m4 = −m2 = t1 − t2` */
function made({ formula, whole, outputs, negated }: LearnedFormula): string {
  const names = [outputs.join(', '), negated.map((name) => `−${name}`).join(', ')];
  return [...names.filter((some) => some !== ''), formula].join(whole ? ' = ' : ' ≈ ');
}

/** `13 features are ±(t + n1)` */
function shared(one: LearnedFormula): string {
  const { formula, whole, outputs, negated } = one;
  const isCompound = formula.includes(' ');
  const terms = isCompound && negated.length > 0 ? `(${formula})` : formula;
  const sign = negated.length === 0 ? '' : outputs.length === 0 ? '−' : '±';
  const count = sizeOf(one);
  const are = `${count === 1 ? 'feature is' : 'features are'}${whole ? '' : ' about'}`;
  return `${count} ${are} ${sign}${terms}`;
}

function meaning({ pace, whole }: LearnedFormula, symbol: string): string {
  if (pace === null) return '';
  if (pace === 0) return `: ${symbol} as it was told`;
  if (pace === 1) return whole ? ': the time left' : ': about the time left, up to a factor';
  if (pace < 0) return '';
  return `: the time left, if a step were ${formatNumber(pace, 2)} steps`;
}

function departures({ behaviour, episodes }: Explanation, symbol: string): string[] {
  if (behaviour === null) return [];
  const distances = [
    ...new Set(behaviour.flatMap((one) => one.departures.map(({ distance }) => distance))),
  ]
    .sort((a, b) => a - b)
    .slice(0, MOST_DISTANCES);
  const head = ['distance', ...behaviour.map(({ number }) => `${symbol} = ${number}`)];
  const rows = distances.map((distance) => [
    `${distance}`,
    ...behaviour.map((one) => cell(one, distance)),
  ]);
  const arrivals = ['arrived', ...behaviour.map(({ arrived }) => `${arrived} of ${episodes}`)];
  return [
    'When it sets off: the steps left when it last leaves each distance from the target, median (smallest to largest).',
    ...columns([head, ...rows, arrivals], '   ').map((line) => `  ${line}`),
  ];
}

function cell({ departures: all }: Behaviour, distance: number): string {
  const found = all.find((one) => one.distance === distance);
  if (!found) return '–';
  const { median, least, greatest } = found;
  const whole = (value: number): string => formatNumber(value, 0);
  if (least === greatest) return whole(median);
  return `${whole(median)} (${whole(least)} to ${whole(greatest)})`;
}

function failure(
  { failure: search, episodes, number: main }: Explanation,
  symbol: string,
): string[] {
  if (search === null) return [];
  const { first, tried, upTo } = search;
  const measure = `at least ${formatPercent(MOSTLY_EXACT)} of ${episodes} episodes exact`;
  const times = tried.map(({ number }) => formatWhole(number)).join(', ');
  if (first === null) {
    const bound = formatWhole(upTo);
    return [`No failure was found: ${measure} at every ${symbol} tried up to ${bound} (${times}).`];
  }
  const { number, exact, episode } = first;
  const isTrained = number <= main!.trained[1];
  const where = isTrained
    ? `already at ${symbol} = ${number}, the greatest in training`
    : `first at ${symbol} = ${number}`;
  const steps = `${formatWhole(episode.steps)} steps`;
  const how = episode.arrived ? `arrives after ${steps}` : `has not arrived after ${steps}`;
  return [
    `It fails ${where}: ${formatPercent(exact)} exact${isTrained ? '' : `, where at ${symbol} = ${number - 1} it still has ${measure}`}.`,
    `  its first failing episode, number ${episode.index} of the evaluation, ${how}`,
  ];
}
