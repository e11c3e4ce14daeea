import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { ChangedFiles, HeldFiles } from '../../src/page/browser/posted.ts';
import type { TrainingChoice } from '../../src/page/browser/training-messages.ts';

/** A run that this browser keeps. */
export interface KeptRun {
  readonly name: string;
  readonly choice: TrainingChoice;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Frames of its last checkpoint; 0 before the first. */
  readonly frames: number;
}

interface Schema extends DBSchema {
  runs: { key: string; value: KeptRun };
  /** By the run's name and the file's path. */
  files: { key: [string, string]; value: Uint8Array<ArrayBuffer> };
}

/** The runs that were trained in this browser, and their files. */
export class BrowserRuns {
  readonly #database: IDBPDatabase<Schema>;

  private constructor(database: IDBPDatabase<Schema>) {
    this.#database = database;
  }

  /** @throws DOMException where the browser keeps nothing for this page */
  static async open(): Promise<BrowserRuns> {
    const database = await openDB<Schema>('timegrid', 1, {
      upgrade(made) {
        made.createObjectStore('runs', { keyPath: 'name' });
        made.createObjectStore('files');
      },
    });
    return new BrowserRuns(database);
  }

  /** The newest first. */
  async list(): Promise<KeptRun[]> {
    const runs = await this.#database.getAll('runs');
    return runs.sort((one, other) => other.created - one.created);
  }

  get(name: string): Promise<KeptRun | undefined> {
    return this.#database.get('runs', name);
  }

  /** Its files by their paths; undefined before its first checkpoint. */
  async filesOf(name: string): Promise<HeldFiles | undefined> {
    const { store } = this.#database.transaction('files');
    const range = rangeOf(name);
    const [keys, values] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
    if (keys.length === 0) return undefined;
    return Object.fromEntries(keys.map(([, path], i) => [path, values[i]!]));
  }

  /** Keeps a new run under a name that no other has. */
  async add(name: string, choice: TrainingChoice): Promise<KeptRun> {
    const { store, done } = this.#database.transaction('runs', 'readwrite');
    let free = name;
    for (let copy = 2; (await store.get(free)) !== undefined; copy += 1) free = `${name}-${copy}`;
    const run: KeptRun = { name: free, choice, created: Date.now(), frames: 0 };
    await Promise.all([store.put(run), done]);
    return run;
  }

  /** Keeps what has changed of a run's files, all of it or nothing. */
  async save(name: string, frames: number, changed: ChangedFiles): Promise<void> {
    const saving = this.#database.transaction(['runs', 'files'], 'readwrite');
    const [runs, files] = [saving.objectStore('runs'), saving.objectStore('files')];
    const run = await runs.get(name);
    // Another tab has removed it.
    if (run === undefined) return;
    const written = Object.entries(changed).map(([path, bytes]) =>
      bytes === null ? files.delete([name, path]) : files.put(bytes, [name, path]),
    );
    await Promise.all([runs.put({ ...run, frames }), ...written, saving.done]);
  }

  async remove(name: string): Promise<void> {
    const removing = this.#database.transaction(['runs', 'files'], 'readwrite');
    await Promise.all([
      removing.objectStore('runs').delete(name),
      removing.objectStore('files').delete(rangeOf(name)),
      removing.done,
    ]);
  }
}

/** Every path. */
const rangeOf = (name: string): IDBKeyRange => IDBKeyRange.bound([name], [name, []]);
