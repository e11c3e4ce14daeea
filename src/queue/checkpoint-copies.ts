import fs from 'node:fs';
import { basename, join } from 'node:path';
import { replaceFile, temporaryBeside } from '../common/replace-file.ts';
import { CARRIED, type CarriedFiles, unpackRun } from '../run/carried-run.ts';
import { hashOf } from '../run/checked-json.ts';
import { stateFile } from '../run/checkpoint.ts';
import { descriptionOf } from '../run/description.ts';
import { openRun } from '../run/folder.ts';
import { descriptionFile, textOf } from '../run/layout.ts';
import type { PlannedRun } from '../study/planned-run.ts';
import { requireRunAsDeclared, trainingOf } from '../study/same-training.ts';
import { MOST_CHECKPOINT, type RunStore } from './store.ts';

/**
 * Copies of the newest checkpoints that Redis has of some runs, to be looked at. They lie apart from the study: nothing is resumed
 * from them, and no result is made of them.
 */
export class CheckpointCopies {
  readonly #folder: string;
  /** Names the checkpoint of each run that was fetched last, whether or not it could be used. */
  readonly #fetched = new Map<string, string>();

  /** @param folder one that nobody else writes to */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the copy of a run is, once there is one. */
  pathOf({ path }: PlannedRun): string {
    return join(this.#folder, basename(path));
  }

  /**
   * Fetches the newest checkpoint of a run, unless it is here already.
   * @returns whether there was a newer one
   * @throws Failure or UsageError for one that is damaged or of another training; the copy is then as before
   */
  async fetch(store: RunStore, run: PlannedRun): Promise<boolean> {
    const place = store.keys.checkpoint(run.key);
    const state = await store.readFiles(place, [stateFile], MOST_CHECKPOINT);
    if (!state) return false;
    const name = hashOf(state[stateFile]!);
    if (this.#fetched.get(run.key) === name) return false;
    const files = await store.readFiles(place, CARRIED, MOST_CHECKPOINT);
    if (!files) return false;
    this.#fetched.set(run.key, hashOf(files[stateFile]!));
    const path = this.pathOf(run);
    const arriving = temporaryBeside(path);
    const former = temporaryBeside(path);
    try {
      unpackRun(arriving, files as CarriedFiles);
      requireRunAsDeclared(arriving, trainingOf(run.settings));
      describeAsHere(arriving, run);
      if (fs.existsSync(path)) fs.renameSync(path, former);
      fs.renameSync(arriving, path);
    } finally {
      for (const each of [arriving, former]) fs.rmSync(each, { recursive: true, force: true });
    }
    return true;
  }
}

/** Where the worker had the code is replaced by where the study has it, so that nothing in a copy decides what code is run. */
function describeAsHere(path: string, { settings }: PlannedRun): void {
  const { command, created, versions, checkpointFrames, world } = descriptionOf(openRun(path));
  const described = { command, created, versions, checkpointFrames, world, settings };
  replaceFile(join(path, descriptionFile), textOf(described));
}
