import { isAbsolute } from 'node:path';

/** What a name such as `./my-world.ts#Maze` stands for. */
export interface Reference {
  readonly kind: 'file' | 'package';
  /** The file as it was named, or the package and perhaps a path within it. */
  readonly module: string;
  /** Which of several, by the name of its export or by its id. */
  readonly name?: string | undefined;
}

/** Reads `./my-world.ts`, `worlds/maze.js#Maze` and `some-package#Maze`; anything else is an id: undefined. */
export function readReference(text: string): Reference | undefined {
  const [, module = '', name] = /^([^#]*)(?:#(.*))?$/s.exec(text)!;
  const isPath = /^(\.{1,2}$|\.{0,2}[/\\])/.test(module) || isAbsolute(module);
  const isFile = isPath || /\.[cm]?[jt]sx?$/.test(module);
  const isPackage = module !== '' && (name !== undefined || /[@/]/.test(module));
  // A `#` with nothing behind it asks for the only one.
  if (isFile || isPackage)
    return { kind: isFile ? 'file' : 'package', module, name: name || undefined };
  return undefined;
}

/** As `readReference`, for a name that is known to be no id. */
export const referenceOf = (text: string): Reference =>
  readReference(text) ?? { kind: 'package', module: text };
