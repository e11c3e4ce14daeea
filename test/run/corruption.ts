import fs from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../env/random.ts';

/** Every file of a folder, as paths within it. */
export const filesIn = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

const below = (random: Random, limit: number): number =>
  limit === 0 ? 0 : random.integer(0, limit - 1);

type Damage = (bytes: Buffer, random: Random) => Buffer;

const without = (bytes: Buffer, from: number, to: number): Buffer =>
  Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);

/** Where a text has a digit, as every number in JSON has. */
function digitIn(bytes: Buffer, random: Random): number | undefined {
  const digits = [...bytes.keys()].filter((i) => bytes[i]! >= 0x30 && bytes[i]! <= 0x39);
  return digits.length === 0 ? undefined : digits[below(random, digits.length)];
}

const lines = (bytes: Buffer): string[] => bytes.toString('latin1').split(/(?<=\n)/);
const joined = (text: readonly string[]): Buffer => Buffer.from(text.join(''), 'latin1');

/** What may happen to one file. */
const DAMAGES: Readonly<Record<string, Damage>> = {
  'a bit flipped'(bytes, random) {
    bytes[below(random, bytes.length)]! ^= 1 << below(random, 8);
    return bytes;
  },
  'a byte changed'(bytes, random) {
    bytes[below(random, bytes.length)]! = below(random, 256);
    return bytes;
  },
  'a digit changed'(bytes, random) {
    const at = digitIn(bytes, random);
    if (at !== undefined) bytes[at] = 0x30 + below(random, 10);
    return bytes;
  },
  truncated: (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  emptied: () => Buffer.alloc(0),
  'a range deleted'(bytes, random) {
    const from = below(random, bytes.length);
    return without(bytes, from, from + 1 + below(random, 40));
  },
  'a range filled with zeros'(bytes, random) {
    const from = below(random, bytes.length);
    return bytes.fill(0, from, Math.min(bytes.length, from + 1 + below(random, 512)));
  },
  'bytes added'(bytes, random) {
    const at = below(random, bytes.length + 1);
    const added = Buffer.from(
      Array.from({ length: 1 + below(random, 8) }, () => below(random, 256)),
    );
    return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)]);
  },
  'a line doubled'(bytes, random) {
    const text = lines(bytes);
    const at = below(random, text.length);
    return joined(text.toSpliced(at, 0, text[at]!));
  },
  'a line lost'(bytes, random) {
    const text = lines(bytes);
    return joined(text.toSpliced(below(random, text.length), 1));
  },
  'two lines swapped'(bytes, random) {
    const text = lines(bytes);
    const [one, other] = [below(random, text.length), below(random, text.length)];
    [text[one], text[other]] = [text[other]!, text[one]!];
    return joined(text);
  },
};

/**
 * Damages a file of a run's folder at random, deletes it, or puts another one in its place.
 * @param others files elsewhere that may take its place: those of the same path in other runs
 * @returns what was done, in words
 */
export function corrupt(folder: string, others: readonly string[], random: Random): string {
  const files = filesIn(folder);
  const file = files[below(random, files.length)]!;
  const path = join(folder, file);
  const kinds = [...Object.keys(DAMAGES), 'deleted', 'swapped', 'another run’s'];
  const kind = kinds[below(random, kinds.length)]!;
  if (kind === 'deleted') {
    fs.rmSync(path);
    return `${file} deleted`;
  }
  if (kind === 'swapped') {
    const other = files[below(random, files.length)]!;
    const [mine, its] = [fs.readFileSync(path), fs.readFileSync(join(folder, other))];
    fs.writeFileSync(path, its);
    fs.writeFileSync(join(folder, other), mine);
    return `${file} swapped with ${other}`;
  }
  if (kind === 'another run’s') {
    const other = others[below(random, others.length)]!;
    const place = join(other, file);
    if (fs.existsSync(place)) fs.copyFileSync(place, path);
    return `${file} of another run`;
  }
  fs.writeFileSync(path, DAMAGES[kind]!(fs.readFileSync(path), random));
  return `${file}: ${kind}`;
}
