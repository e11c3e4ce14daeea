/** Signs of actions that many worlds have. */
const SIGNS: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pass: '•',
};

/** The keys of those actions while a person plays. */
export const MOVE_KEYS: Readonly<Record<string, string>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ' ': 'pass',
};

/** The keys of all other actions, in the order of the world. */
const FURTHER_KEYS = '1234567890abcdefghijklmopqrstuvwxz';

/**
 * A short sign for each action: an arrow, or the first letters of its name, as many as it takes to tell it from the others.
 * @returns in the order of the names
 */
export function signsOf(names: readonly string[]): string[] {
  const written = names.filter((name) => SIGNS[name] === undefined);
  return names.map((name) => {
    const sign = SIGNS[name];
    if (sign !== undefined) return sign;
    for (let length = 1; length < name.length; length++) {
      const start = name.slice(0, length);
      if (written.every((other) => other === name || !other.startsWith(start))) return start;
    }
    return name;
  });
}

/** The key of each action while a person plays, by the action's name, as `KeyboardEvent.key` gives it. */
export function keysOf(names: readonly string[]): ReadonlyMap<string, string> {
  const usual = new Map(Object.entries(MOVE_KEYS).map(([key, name]) => [name, key]));
  const further = names.filter((name) => !usual.has(name));
  return new Map(
    names.flatMap((name): [string, string][] => {
      const key = usual.get(name) ?? FURTHER_KEYS[further.indexOf(name)];
      return key === undefined ? [] : [[name, key]];
    }),
  );
}

const DIRECTIONS = ['up', 'down', 'left', 'right'];

/** How a person plays, in words. @param most actions to list by name; with more, only their keys */
export function describeKeys(names: readonly string[], most = Number.POSITIVE_INFINITY): string {
  const further = [...keysOf(names)].filter(([name]) => SIGNS[name] === undefined);
  const listed =
    further.length > most
      ? [`keys ${further[0]![1]} to ${further.at(-1)![1]}: see ?`]
      : further.map(([name, key]) => `${key} ${name}`);
  return [
    ...(DIRECTIONS.some((name) => names.includes(name)) ? ['arrow keys move'] : []),
    ...(names.includes('pass') ? ['space waits'] : []),
    ...listed,
    'Esc ends',
  ].join(', ');
}
