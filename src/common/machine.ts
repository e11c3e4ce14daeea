import { cpus, hostname } from 'node:os';
import { VERSION } from './version.ts';

/** Where a result was made, and by which versions. */
export interface Machine {
  readonly host: string;
  /** The model of its processor; empty where the system does not say. */
  readonly cpu: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** The versions that a run's record names. */
export const versions = (): Readonly<Record<string, string>> => ({
  timegrid: VERSION,
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
});

export const thisMachine = (): Machine => ({
  host: hostname(),
  cpu: cpus()[0]?.model.trim() ?? '',
  versions: versions(),
});
