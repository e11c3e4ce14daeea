import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Random } from '../../env/random.ts';

/*
 * A disk that loses power. It promises no more than POSIX does: what was written to a file is safe once the file was synced, a
 * name in a folder once the folder was, and what is not safe may be there, missing, torn or in another order.
 */

/** A file or a folder, whatever it is called. */
type Node = number;
const ROOT: Node = 0;

type Change =
  | { readonly kind: 'folder'; readonly node: Node }
  | { readonly kind: 'file'; readonly node: Node }
  | { readonly kind: 'write'; readonly node: Node; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly node: Node; readonly length: number }
  /** Gives and takes names in one step; `null` takes one. */
  | {
      readonly kind: 'names';
      readonly node: Node;
      readonly names: ReadonlyMap<string, Node | null>;
    }
  | { readonly kind: 'sync'; readonly node: Node }
  | { readonly kind: 'promise'; readonly value: number };

/** The content of every file by its path; folders are `null`. */
export type Files = ReadonlyMap<string, Buffer | null>;

/** What becomes of a change that was not synced. */
type Fate = 'kept' | 'lost' | 'prefix' | 'zeros';
const FATES: readonly Fate[] = ['kept', 'lost', 'prefix', 'zeros'];

/** Files and folders, as they are in memory or as a loss of power leaves them. */
class Tree {
  readonly files = new Map<Node, Buffer>();
  readonly folders = new Map<Node, Map<string, Node>>([[ROOT, new Map()]]);

  apply(change: Change, fate: Fate, random?: Random): void {
    if (change.kind === 'folder') this.folders.set(change.node, new Map());
    if (change.kind === 'file') this.files.set(change.node, Buffer.alloc(0));
    if (fate === 'lost') return;
    if (change.kind === 'names') {
      for (const [name, node] of change.names) {
        if (node === null) this.folders.get(change.node)!.delete(name);
        else this.folders.get(change.node)!.set(name, node);
      }
    } else if (change.kind === 'truncate') {
      const cut = Buffer.alloc(change.length);
      this.files.get(change.node)!.copy(cut);
      this.files.set(change.node, cut);
    } else if (change.kind === 'write') {
      const { length } = change.bytes;
      const end = change.at + (fate === 'prefix' ? random!.integer(0, length) : length);
      const before = this.files.get(change.node)!;
      const after = Buffer.alloc(Math.max(before.length, end));
      before.copy(after);
      if (fate === 'zeros') after.fill(0, change.at, end);
      else after.set(change.bytes.subarray(0, end - change.at), change.at);
      this.files.set(change.node, after);
    }
  }

  list(folder: Node = ROOT, prefix = ''): Files {
    const all = new Map<string, Buffer | null>();
    for (const [name, node] of this.folders.get(folder)!) {
      const path = join(prefix, name);
      all.set(path, this.files.get(node) ?? null);
      if (this.folders.has(node))
        for (const [below, content] of this.list(node, path)) all.set(below, content);
    }
    return all;
  }
}

/** What is done to the files below a folder through `node:fs`, while it is recorded. */
export class Recording {
  readonly changes: Change[] = [];
  readonly #root: string;
  readonly #now = new Tree();
  readonly #open = new Map<number, { node: Node; appends: boolean; at: number }>();
  #nodes = ROOT;

  /** @param root an empty folder, which is safe on the disk itself */
  constructor(root: string) {
    this.#root = resolve(root);
  }

  /** Notes what the program has promised: the frames of a checkpoint that is saved. */
  promise(value: number): void {
    this.#add({ kind: 'promise', value });
  }

  /** What the program had promised after some of the changes. */
  promisedAfter(changes: number): number {
    const last = this.changes.slice(0, changes).findLast(({ kind }) => kind === 'promise');
    return last?.kind === 'promise' ? last.value : 0;
  }

  /** Records what `action` does. It must use the synchronous functions of `node:fs`. */
  async during<Result>(action: () => Result | Promise<Result>): Promise<Result> {
    const originals: Record<string, unknown> = {};
    let isInside = false;
    for (const [name, note] of Object.entries(this.#notes)) {
      const original = fs[name as 'closeSync'] as (...args: unknown[]) => unknown;
      originals[name] = original;
      Object.assign(fs, {
        [name]: (...args: unknown[]) => {
          // Functions of node:fs call each other.
          if (isInside) return original(...args);
          isInside = true;
          try {
            return (note as (call: () => unknown, ...args: unknown[]) => unknown)(
              () => original(...args),
              ...args,
            );
          } finally {
            isInside = false;
          }
        },
      });
    }
    try {
      return await action();
    } finally {
      Object.assign(fs, originals);
    }
  }

  /** The files and folders that the recording knows, by path: as they are, if it knows all that was done. */
  get files(): Files {
    return this.#now.list();
  }

  /**
   * Builds the disk as it may be when the power fails after some of the changes.
   * @param fate what becomes of each change that was not synced
   */
  afterPowerLoss(changes: number, fate: () => Fate, random: Random): Files {
    const safe = new Map<Node, number>();
    for (let i = 0; i < changes; i += 1) {
      const change = this.changes[i]!;
      if (change.kind === 'sync') safe.set(change.node, i);
    }
    const tree = new Tree();
    for (let i = 0; i < changes; i += 1) {
      const change = this.changes[i]!;
      if (change.kind === 'sync' || change.kind === 'promise') continue;
      tree.apply(change, i < (safe.get(change.node) ?? -1) ? 'kept' : fate(), random);
    }
    return tree.list();
  }

  #add(change: Change): void {
    this.changes.push(change);
    if (change.kind !== 'sync' && change.kind !== 'promise') this.#now.apply(change, 'kept');
  }

  /** The folder of a path and its name there; undefined outside the root. */
  #place(path: unknown): { folder: Node; name: string; node: Node | undefined } | undefined {
    const full = resolve(String(path));
    if (!full.startsWith(`${this.#root}/`)) return undefined;
    let folder: Node | undefined = ROOT;
    const above = dirname(full).slice(this.#root.length).split('/').filter(Boolean);
    for (const name of above) folder = this.#now.folders.get(folder ?? -1)?.get(name);
    const inFolder = folder === undefined ? undefined : this.#now.folders.get(folder);
    const name = basename(full);
    return inFolder && { folder: folder!, name, node: inFolder.get(name) };
  }

  #nodeAt(path: unknown): Node | undefined {
    return resolve(String(path)) === this.#root ? ROOT : this.#place(path)?.node;
  }

  #name(folder: Node, ...names: (readonly [string, Node | null])[]): void {
    this.#add({ kind: 'names', node: folder, names: new Map(names) });
  }

  #make(kind: 'file' | 'folder', path: unknown): Node {
    const { folder, name } = this.#place(path)!;
    this.#nodes += 1;
    this.#add({ kind, node: this.#nodes });
    this.#name(folder, [name, this.#nodes]);
    return this.#nodes;
  }

  /** Notes that a file was opened. @returns undefined outside the root */
  #opened(path: unknown, flag: string | number = 'r') {
    const place = this.#place(path);
    const isWritten = typeof flag === 'string' && !['r', 'rs'].includes(flag);
    if (!place || !isWritten) {
      const node = this.#nodeAt(path);
      return node === undefined ? undefined : { node, appends: false, at: 0 };
    }
    const node = place.node ?? this.#make('file', path);
    if (flag.startsWith('w') && this.#size(node) > 0)
      this.#add({ kind: 'truncate', node, length: 0 });
    return { node, appends: flag.startsWith('a'), at: 0 };
  }

  #size = (node: Node): number => this.#now.files.get(node)!.length;

  #written(file: { node: Node; appends: boolean; at: number }, content: unknown): void {
    const bytes = Buffer.from(content as Uint8Array);
    const at = file.appends ? this.#size(file.node) : file.at;
    if (bytes.length > 0) this.#add({ kind: 'write', node: file.node, at, bytes });
    file.at = at + bytes.length;
  }

  /** Removes a name, and what is below it first, each by itself. */
  #removed(path: string): void {
    const { folder, name, node } = this.#place(path)!;
    for (const below of this.#now.folders.get(node!)?.keys() ?? [])
      this.#removed(join(path, below));
    this.#name(folder, [name, null]);
  }

  /** For each function that changes a disk, what to note of a call, and the call itself. */
  readonly #notes = {
    openSync: (call: () => number, path: unknown, flag?: string) => {
      const descriptor = call();
      const file = this.#opened(path, flag);
      if (file) this.#open.set(descriptor, file);
      return descriptor;
    },
    closeSync: (call: () => void, descriptor: number) => {
      this.#open.delete(descriptor);
      call();
    },
    writeFileSync: (
      call: () => void,
      to: unknown,
      content: unknown,
      options: { flag?: string; flush?: boolean } = {},
    ) => {
      call();
      const file =
        typeof to === 'number' ? this.#open.get(to) : this.#opened(to, options.flag ?? 'w');
      if (!file) return;
      this.#written(file, content);
      if (options.flush) this.#add({ kind: 'sync', node: file.node });
    },
    fsyncSync: (call: () => void, descriptor: number) => {
      call();
      const file = this.#open.get(descriptor);
      if (file) this.#add({ kind: 'sync', node: file.node });
    },
    ftruncateSync: (call: () => void, descriptor: number, length = 0) => {
      call();
      const file = this.#open.get(descriptor);
      if (file) this.#add({ kind: 'truncate', node: file.node, length });
    },
    mkdirSync: (call: () => unknown, path: unknown) => {
      const made = call();
      if (this.#place(path)) this.#make('folder', path);
      return made;
    },
    renameSync: (call: () => void, from: unknown, to: unknown) => {
      call();
      const [old, next] = [this.#place(from), this.#place(to)];
      if (!old || !next) return;
      if (old.folder === next.folder)
        this.#name(old.folder, [old.name, null], [next.name, old.node!]);
      // Into a folder within, as a lock is taken over: nothing promises that both names change at once.
      else {
        this.#name(next.folder, [next.name, old.node!]);
        this.#name(old.folder, [old.name, null]);
      }
    },
    rmSync: (call: () => void, path: string) => {
      call();
      if (this.#place(path)?.node !== undefined) this.#removed(path);
    },
    unlinkSync: (call: () => void, path: string) => {
      call();
      if (this.#place(path)) this.#removed(path);
    },
    rmdirSync: (call: () => void, path: string) => {
      call();
      if (this.#place(path)) this.#removed(path);
    },
  };
}

/** What may become of the changes that were not synced, from the mildest to the wildest. */
export function fates(random: Random): (() => Fate)[] {
  const some = (): Fate => (random.integer(0, 1) === 0 ? 'kept' : 'lost');
  const any = (): Fate => FATES[random.integer(0, FATES.length - 1)]!;
  return [() => 'lost', () => 'kept', some, any, any, any];
}

/** Writes files and folders into an empty folder. */
export function build(folder: string, files: Files): void {
  for (const [path, content] of files) {
    if (content === null) fs.mkdirSync(join(folder, path));
    else fs.writeFileSync(join(folder, path), content);
  }
}

/** The files and folders below a folder by path, sockets left out. */
export function filesIn(folder: string): Files {
  const entries = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isSocket())
    .map((entry) => [join(entry.parentPath, entry.name), entry.isDirectory()] as const);
  return new Map(
    entries.map(([path, isFolder]) => [
      path.slice(folder.length + 1),
      isFolder ? null : fs.readFileSync(path),
    ]),
  );
}
