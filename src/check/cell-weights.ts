import { B, type CellParameters, type CellSubject } from './cell-subject.ts';
import { near, short } from './near.ts';

/** How near a whole weight is. */
const WHOLE = 1e-3;

/** What is wrong with the weights once they are rounded. */
export async function roundProblem(subject: CellSubject): Promise<string | undefined> {
  const { cell, I } = subject;
  const parameters = subject.rounded(1);
  for (const [name, values] of Object.entries(parameters)) {
    const wrong = values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) return `once rounded, ${name} holds ${wrong}`;
  }
  const { distance } = await subject.answer(parameters, new Float32Array(I).fill(1));
  if (distance[0]! > WHOLE)
    return `once rounded, distanceFromWhole is still ${short(distance[0]!)}`;
  const { sums, powers, gate } = cell.read(parameters, 'c', I);
  const kinds = [
    ['sums', sums, 1],
    ['powers', powers, 2],
    ['gate', gate, 1],
  ] as const;
  for (const [kind, weights, parts] of kinds) {
    const wrong = weights?.find((w) => !(Math.abs(w * parts - Math.round(w * parts)) < WHOLE));
    if (wrong !== undefined) return `once rounded, read gives ${short(wrong)} among its ${kind}`;
  }
  const again = clone(parameters);
  cell.round(again, 'c', I);
  for (const [name, values] of Object.entries(parameters)) {
    const at = values.findIndex((value, i) => value !== again[name]![i]);
    if (at < 0) continue;
    return `rounded once ${name}[${at}] is ${values[at]}, and rounded twice ${again[name]![at]}`;
  }
  return undefined;
}

const clone = (parameters: CellParameters): CellParameters =>
  Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.slice()]));

/** Where what is read differs from what is computed. */
export async function readProblem(subject: CellSubject): Promise<string | undefined> {
  const { cell, I, O } = subject;
  const parameters = subject.rounded(1);
  const { sums, powers, gate } = cell.read(parameters, 'c', I);
  for (const [kind, values, length] of [
    ['sums', sums, I * O],
    ['powers', powers, I * O],
    ['gate', gate, O],
  ] as const) {
    if (values === null || (values instanceof Float32Array && values.length === length)) continue;
    return `its ${kind} must be null or a Float32Array of ${length} numbers`;
  }
  if ((sums === null && powers === null) || (sums && powers && gate === null)) return undefined;
  // A product may ignore signs.
  const x = subject.floats(B * I, powers ? 0.5 : -3, 3);
  const { y } = await subject.answer(parameters, x);
  for (let row = 0; row < B; row += 1) {
    const given = x.subarray(row * I, (row + 1) * I);
    for (let o = 0; o < O; o += 1) {
      const sum = given.reduce((total, value, i) => total + value * (sums?.[i * O + o] ?? 0), 0);
      const product = given.reduce((all, value, i) => all * value ** (powers?.[i * O + o] ?? 0), 1);
      const share = sums && powers ? gate![o]! : sums ? 1 : 0;
      const read = share * sum + (1 - share) * product;
      const applied = y[row * O + o]!;
      if (near(applied, read, WHOLE)) continue;
      return `output ${o} for x = ${[...given].map(short).join(', ')} is ${short(applied)}, but what read returns gives ${short(read)}`;
    }
  }
  return undefined;
}
