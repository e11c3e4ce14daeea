import type { CellReading } from '../../agent/cells/cell.ts';
import { formatNumber } from '../common/format.ts';

/** A formula as people write it. */
export interface WrittenFormula {
  readonly text: string;
  /** How tightly it holds together, the tightest first: a looser one stands in parentheses inside a tighter one. */
  readonly kind: (typeof KINDS)[number];
}
const KINDS = ['name', 'product', 'sum', 'choice'] as const;

/** A factor or a power for each of some formulas. */
export type WeightedFormulas = readonly { readonly weight: number; readonly of: WrittenFormula }[];

/** A weight this near to a whole number is read as it. */
const NEAR = 0.05;
/** So many consecutive names are written as one: `Σ x[3..27]`. */
const LEAST_RUN = 4;
const NUMBERED = /^(.*?)(\d+)$/;

/** The nearest whole number where that is near, else two decimals. */
export function readWeight(weight: number): number {
  const nearest = Math.round(weight);
  if (Math.abs(weight - nearest) <= NEAR) return nearest + 0;
  return Math.round(weight * 100) / 100;
}

export const nameFormula = (text: string): WrittenFormula => ({ text, kind: 'name' });

/** `text`, in parentheses unless it is at least as tight as `kind`. */
const within = (kind: WrittenFormula['kind'], of: WrittenFormula): string =>
  KINDS.indexOf(of.kind) <= KINDS.indexOf(kind) ? of.text : `(${of.text})`;

/** Consecutive names of equal weight as one: x3, x4, … x27 as `Σ x[3..27]`. */
function joinRuns(sign: string, all: WeightedFormulas): WeightedFormulas {
  const joined: { weight: number; of: WrittenFormula }[] = [];
  for (let i = 0; i < all.length; ) {
    const { weight, of } = all[i]!;
    const [, letters, first] = (of.kind === 'name' && NUMBERED.exec(of.text)) || [];
    let end = i + 1;
    const follows = ({ weight: other, of: next }: (typeof all)[number]): boolean =>
      other === weight && next.text === `${letters}${Number(first) + end - i}`;
    while (first !== undefined && end < all.length && follows(all[end]!)) end++;
    if (end - i < LEAST_RUN) end = i + 1;
    const run = `${sign} ${letters}[${first}..${Number(first) + end - i - 1}]`;
    joined.push(end > i + 1 ? { weight, of: nameFormula(run) } : all[i]!);
    i = end;
  }
  return joined;
}

/** A sum as people write it: `t − n1`, `0.93·t + n1 − 1`, `Σ x[3..27] − y`, `0`. The constant `1` comes last. */
export function sumFormula(given: WeightedFormulas): WrittenFormula {
  const present = given.filter(({ weight }) => weight !== 0);
  const isConstant = ({ of }: (typeof given)[number]): boolean => of.text === '1';
  const variable = joinRuns(
    'Σ',
    present.filter((one) => !isConstant(one)),
  );
  const ordered = [...variable, ...present.filter(isConstant)];
  if (ordered.length === 0) return nameFormula('0');
  if (ordered.length === 1 && ordered[0]!.weight === 1) return ordered[0]!.of;
  const texts = ordered.map((one, i) => {
    const { weight, of } = one;
    const size = Math.abs(weight);
    const digits = Number.isInteger(size) ? `${size}` : formatNumber(size, 2);
    const scaled = size === 1 ? within('product', of) : `${digits}·${within('name', of)}`;
    const term = isConstant(one) ? digits : scaled;
    if (i === 0) return weight < 0 ? `−${term}` : term;
    return `${weight < 0 ? '−' : '+'} ${term}`;
  });
  return { text: texts.join(' '), kind: 'sum' };
}

const POWERS: Readonly<Record<number, string>> = { 1: '', 2: '²', 3: '³' };

function powerText(of: WrittenFormula, power: number): string {
  if (power === 1) return within('name', of);
  const base = /^[ΣΠ]/.test(of.text) ? `(${of.text})` : within('name', of);
  if (power === 0.5) return `√${base}`;
  return `${base}${POWERS[power] ?? `^${formatNumber(power, Number.isInteger(power) ? 0 : 2)}`}`;
}

/** A product of powers as people write it: `p · b`, `x ÷ y²`, `√x`, `1 ÷ (x · y)`, `1`. */
export function productFormula(given: WeightedFormulas): WrittenFormula {
  const present = given.filter(({ weight, of }) => weight !== 0 && of.text !== '1');
  const factors = joinRuns('Π', present);
  if (factors.length === 0) return nameFormula('1');
  if (factors.length === 1 && factors[0]!.weight === 1) return factors[0]!.of;
  const texts = (sign: number): string[] =>
    factors
      .filter(({ weight }) => Math.sign(weight) === sign)
      .map(({ of, weight }) => powerText(of, Math.abs(weight)));
  const [over, under] = [texts(1), texts(-1)];
  const numerator = over.length > 0 ? over.join(' · ') : '1';
  if (under.length === 0) return { text: numerator, kind: 'product' };
  const denominator = under.length === 1 ? under[0]! : `(${under.join(' · ')})`;
  return { text: `${numerator} ÷ ${denominator}`, kind: 'product' };
}

/**
 * What a cell computes for each of its outputs, by its weights as people read them. Where its gate depends on the input, both that
 * it can choose are written: `t − n or t ÷ n`.
 * @param inputs what it reads: names, or what other cells compute
 */
export function cellFormulas(
  { sums, powers, gate }: CellReading,
  inputs: readonly WrittenFormula[],
): WrittenFormula[] {
  const outputs = (sums ?? powers!).length / inputs.length;
  const column = (weights: Float32Array, j: number): WeightedFormulas =>
    inputs.map((of, i) => ({ weight: readWeight(weights[i * outputs + j]!), of }));
  return Array.from({ length: outputs }, (_, j) => {
    const sum = sums && sumFormula(column(sums, j));
    const product = powers && productFormula(column(powers, j));
    if (!sum || !product) return (sum ?? product)!;
    if (sum.text === product.text) return sum;
    if (!gate) return { text: `${sum.text} or ${product.text}`, kind: 'choice' };
    const open = readWeight(gate[j]!);
    return sumFormula([
      { weight: open, of: sum },
      { weight: readWeight(1 - open), of: product },
    ]);
  });
}
