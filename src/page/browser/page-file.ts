import type { Blueprint } from '../../../agent/blueprint.ts';
import type { CompiledProgram } from '../../../agent/compiler/compile.ts';
import type { PlayedBefore } from '../../watch/live-source.ts';
import type { AgentInfo } from '../../watch/protocol.ts';

/** The file that says what a page shows that needs no server. */
export const PAGE_FILE = 'page.json';

/** A program whose model is a file of its own. */
export interface ProgramFile extends Omit<CompiledProgram, 'model'> {
  /** The file's name. */
  readonly model: string;
}

/** An agent as a page carries it. */
export interface PageAgent {
  readonly info: AgentInfo;
  readonly checkpoint: string;
  readonly frames: number;
  readonly blueprint: Omit<Blueprint, 'compiled' | 'engine'>;
  readonly programs: { readonly encode: ProgramFile; readonly act: ProgramFile };
  /** The file of its parameters: float32, little-endian. */
  readonly parameters: string;
  /** What its run has kept of its training, the fewest frames first, and the file of each. */
  readonly kept: readonly {
    readonly frames: number;
    readonly checkpoint: string;
    readonly parameters: string;
  }[];
  readonly curve: {
    readonly frames: readonly number[];
    readonly reward: readonly (number | null)[];
    readonly exact: readonly (number | null)[];
  };
  readonly played: readonly PlayedBefore[];
}

/** A module of a user's own code. */
export interface PageModule {
  /** For error messages. */
  readonly name: string;
  readonly code: string;
  /** Where its imports stand in `code`, in order, and what they mean: an earlier module, or one that the page provides. */
  readonly imports: readonly {
    readonly from: number;
    readonly to: number;
    readonly target: number | string;
  }[];
}

/** What a page that needs no server shows. */
export interface PageFile {
  readonly format: 'timegrid-page';
  readonly version: 1;
  /** The version of the program that wrote it. */
  readonly program: string;
  /** Another one for every page that is written. */
  readonly id: string;
  readonly world: {
    readonly id: string;
    readonly options: Readonly<Record<string, unknown>>;
  };
  /** Worlds and pathways that do not come with timegrid, each after what it imports. */
  readonly modules: readonly PageModule[];
  readonly agents: readonly PageAgent[];
  readonly backgroundEpisodes: number;
}
