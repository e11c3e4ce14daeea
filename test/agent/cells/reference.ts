/** The cells' formulas once more, on plain double-precision numbers, to compare values and slopes with. */
type Matrix = readonly (readonly number[])[];
export type Named = Readonly<Record<string, Matrix>>;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number, least: number, greatest: number) => Math.max(least, Math.min(greatest, x));
const zip = (a: Matrix, b: Matrix, f: (x: number, y: number) => number): Matrix =>
  a.map((row, i) => row.map((x, j) => f(x, b[i]![j]!)));
const times = (x: readonly number[], w: Matrix): number[] =>
  w[0]!.map((_, j) => x.reduce((sum, value, i) => sum + value * w[i]![j]!, 0));
const accumulatorWeights = (p: Named, name = 'c'): Matrix =>
  zip(p[`${name}/w_hat`]!, p[`${name}/m_hat`]!, (w, m) => Math.tanh(w) * sigmoid(m));
const clipped = (w: Matrix, least: number): Matrix =>
  w.map((row) => row.map((value) => clip(value, least, 1)));
const chosen = (factors: readonly number[], w: Matrix): number[] =>
  w[0]!.map((_, j) => factors.reduce((y, f, i) => y * (w[i]![j]! * f + 1 - w[i]![j]!), 1));
const isNegative = (x: readonly number[]) => x.map((value) => (value < 0 ? 1 : 0));
const mixed = (gate: readonly number[], a: readonly number[], m: readonly number[]) =>
  gate.map((g, j) => g * a[j]! + (1 - g) * m[j]!);

function nalu(p: Named, x: readonly number[], multiplier: string): number[] {
  const logs = x.map((value) => Math.log(Math.abs(value) + 1e-7));
  const products = times(logs, accumulatorWeights(p, multiplier)).map(Math.exp);
  return mixed(times(x, p['c/gate']!).map(sigmoid), times(x, accumulatorWeights(p)), products);
}

export const reference: Readonly<Record<string, (p: Named, x: readonly number[]) => number[]>> = {
  nac: (p, x) => times(x, accumulatorWeights(p)),
  nalu: (p, x) => nalu(p, x, 'c'),
  'nalu-two': (p, x) => nalu(p, x, 'c/multiply'),
  nau: (p, x) => times(x, clipped(p['c/w']!, -1)),
  nmu: (p, x) => chosen(x, clipped(p['c/w']!, 0)),
  nmru(p, x) {
    const w = clipped(p['c/w']!, 0);
    const sizes = x.map(Math.abs);
    const signs = times([...isNegative(x), ...isNegative(x)], w);
    return chosen([...sizes, ...sizes.map((size) => 1 / Math.max(size, 1e-7))], w).map(
      (y, j) => y * Math.cos(Math.PI * signs[j]!),
    );
  },
  inalu(p, x) {
    const w = accumulatorWeights(p, 'c/multiply');
    const logs = x.map((value) => Math.log(Math.max(Math.abs(value), 1e-7)));
    const signs = chosen(
      x.map((value) => (value < 0 ? -1 : 1)),
      w.map((row) => row.map(Math.abs)),
    );
    const products = times(logs, w).map((z, j) => Math.exp(Math.min(z, 20)) * signs[j]!);
    return mixed(p['c/gate']![0]!.map(sigmoid), times(x, accumulatorWeights(p, 'c/add')), products);
  },
  npu(p, x) {
    const gate = p['c/gate']![0]!.map((g) => clip(g, 0, 1));
    const logs = x.map((value, i) =>
      Math.log(gate[i]! * (Math.abs(value) + 2 ** -23) + 1 - gate[i]!),
    );
    const turns = times(
      isNegative(x).map((one, i) => one * gate[i]!),
      p['c/w']!,
    );
    return times(logs, p['c/w']!).map((z, j) => Math.exp(z) * Math.cos(Math.PI * turns[j]!));
  },
};
