import { type Zippable, zipSync } from 'fflate';
import { saveFile } from '../saving/save-file.ts';
import type { BrowserRuns } from './browser-runs.ts';

/** Saves a run as an archive: the folder that `timegrid watch` opens. @returns whether there was anything to save */
export async function saveRun(runs: BrowserRuns, name: string): Promise<boolean> {
  const files = await runs.filesOf(name);
  if (files === undefined) return false;
  const entries: Zippable = {};
  for (const [path, bytes] of Object.entries(files)) entries[`${name}/${path}`] = bytes;
  const archive = zipSync(entries) as Uint8Array<ArrayBuffer>;
  saveFile(new Blob([archive], { type: 'application/zip' }), `${name}.zip`);
  return true;
}
