import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { UsageError } from '../common/errors.ts';

type Values = Readonly<Record<string, unknown>>;

/** What an agent of a study is made of, each group with the schema of its settings. */
export type GridGroups<Name extends string> = Readonly<
  Record<Name, { readonly values: Values; readonly schema: z.ZodObject }>
>;

/** One agent of a grid. */
export interface Variant<Name extends string> {
  /** What the study calls it: `nac, learningRate 0.001`. */
  readonly name: string;
  /** Values that its name has no room for, in a sentence; empty where there are none. */
  readonly about: string;
  /** The values of each group, one where a list was given. */
  readonly values: Readonly<Record<Name, Values>>;
}

/** Longer values are numbered in names and written out in `about`. */
const LONGEST_VALUE = 24;

/**
 * How many agents an agent's lists of values make.
 * @throws UsageError for an empty list, or one that holds a value twice
 */
export function gridSize<Name extends string>(groups: GridGroups<Name>): number {
  return axesOf(groups).reduce((product, { values }) => product * values.length, 1);
}

/**
 * Every combination of the values that an agent's settings list, the last setting varying fastest; one agent of the given name
 * where there are no lists. A list is a grid unless the setting itself takes a list: then a list of such lists is one.
 * @throws UsageError as `gridSize` does
 */
export function variantsOf<Name extends string>(
  name: string,
  groups: GridGroups<Name>,
): Variant<Name>[] {
  const plain = Object.entries<GridGroups<Name>[Name]>(groups).map(
    ([group, { values }]) => [group, values] as const,
  );
  let variants = [{ name, about: '', values: Object.fromEntries(plain) }];
  for (const { group, key, values } of axesOf(groups)) {
    variants = variants.flatMap((variant) =>
      values.map((value, i) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        // Names become folders, where a minus sign would be one hyphen of several.
        const word = text.replace(/^-/, 'minus ');
        const isShort = text.length <= LONGEST_VALUE;
        const about = isShort ? [] : [`${key} no. ${i + 1} is ${text}`];
        return {
          name: `${variant.name}, ${key} ${isShort ? word : `no. ${i + 1}`}`,
          about: [...(variant.about === '' ? [] : [variant.about]), ...about].join('; '),
          values: { ...variant.values, [group]: { ...variant.values[group], [key]: value } },
        };
      }),
    );
  }
  return variants as Variant<Name>[];
}

interface Axis {
  readonly group: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

function axesOf<Name extends string>(groups: GridGroups<Name>): Axis[] {
  return Object.entries<GridGroups<Name>[Name]>(groups).flatMap(([group, { values, schema }]) =>
    Object.entries(values).flatMap(([key, value]) =>
      isGrid(value, schema.shape[key]) ? [{ group, key, values: distinct(key, value) }] : [],
    ),
  );
}

/** @param schema of the setting; undefined for one that there is not, which is refused elsewhere */
function isGrid(value: unknown, schema: z.core.$ZodType | undefined): value is readonly unknown[] {
  if (!Array.isArray(value) || schema === undefined) return false;
  if ((schema as z.ZodType).safeParse(value).success) return false;
  return !takesList(schema) || value.some(Array.isArray);
}

function takesList(schema: z.core.$ZodType): boolean {
  try {
    return z.toJSONSchema(schema, { io: 'input' }).type === 'array';
  } catch {
    return false;
  }
}

function distinct(key: string, values: readonly unknown[]): readonly unknown[] {
  if (values.length === 0) {
    throw new UsageError(`"${key}" is an empty list: give it a value, or several to compare`);
  }
  const twice = values.find((value, i) =>
    values.slice(0, i).some((earlier) => isDeepStrictEqual(earlier, value)),
  );
  if (twice !== undefined) {
    throw new UsageError(`"${key}" lists ${JSON.stringify(twice)} twice: give each value once`);
  }
  return values;
}
