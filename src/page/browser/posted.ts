/** What a page that needs no server and its threads say to each other: the protocol's messages, by another wire, and how a training goes. */

/** What one end posts to the other. */
export type Posted =
  | { readonly text: string }
  | { readonly binary: Uint8Array }
  | { readonly ping: string }
  | { readonly pong: string };

/** Files by their names. */
export type HeldFiles = Readonly<Record<string, Uint8Array<ArrayBuffer>>>;

/** Files that have changed, by their paths; null: it is there no more. */
export type ChangedFiles = Readonly<Record<string, Uint8Array<ArrayBuffer> | null>>;

/** Where a thread finds the page's files, or the files themselves. */
export interface Place {
  readonly base?: string;
  /** Asks for files of this version of the page. */
  readonly version?: string;
  readonly files?: HeldFiles;
  /** The name of ONNX Runtime's WebAssembly. */
  readonly wasm: string;
}

/** What the page posts first to the thread that plays. */
export interface Beginning extends Place {
  /** An agent that is trained in this browser, shown beside those of the page if its world is theirs. */
  readonly trained?: ForPlayer;
}

/** A `TrainedAgent`, which the page hands from one thread to the other without looking at it. */
export type ForPlayer = object;

/** What the page posts later of that agent. */
export interface TrainedNews {
  readonly trained:
    | { readonly point: CurvePoint }
    | {
        readonly checkpoint: string;
        readonly frames: number;
        /** All of them, float32 [P]. */
        readonly parameters: Float32Array;
      }
    /** Whether its training goes on, so that the cores are needed elsewhere. */
    | { readonly isTraining: boolean };
}

/** A point of a learning curve. */
export interface CurvePoint {
  readonly frames: number;
  readonly reward: number | null;
  readonly exact: number | null;
}

/** What the thread posts besides the wire's messages: why it cannot go on. */
export interface ThreadFailure {
  readonly broken: string;
}

/** Where a page that needs no server finds what it needs: names of its files. Stands in the page, as JSON. */
export interface PageParts {
  /** The script of its thread. */
  readonly worker: string;
  /** ONNX Runtime's WebAssembly. */
  readonly wasm: string;
  /** What is shown until the thread is ready. */
  readonly first: string;
  /** Of a page beside whose files others may come to lie: what names this version of all of them, and the script of its service worker. */
  readonly version?: string;
  readonly offline?: string;
  /** What can be trained in the page. */
  readonly trains: Trains;
}

/** Agents and worlds by their ids, with what each is in a sentence. */
export interface Trains {
  readonly agents: readonly Choice[];
  readonly worlds: readonly Choice[];
  /** The world of the page, and its options. */
  readonly world: { readonly id: string; readonly options: Readonly<Record<string, unknown>> };
}

export interface Choice {
  readonly id: string;
  readonly summary: string;
}

/** All that is needed to open a page without a network. */
export interface KeptFiles {
  readonly version: string;
  /** The page itself. */
  readonly page: string;
  /** The other files: what the page asks for, and the SHA-256 of what it gets. */
  readonly files: readonly (readonly [url: string, digest: string])[];
}

/** What a page posts to its service worker: which version it is. */
export interface KeptPage {
  readonly version: string;
}

/** How a page asks for a file of its version. */
export const versioned = (name: string, version: string | undefined): string =>
  version === undefined ? name : `${name}?v=${version}`;

/** Messages that the page is shown before it can make its own, as on the wire; a binary one in base64. */
export interface FirstMessages {
  /** What the page asks for, as JSON, but for the request's id. */
  readonly asked: string;
  readonly greeting: readonly WireMessage[];
  readonly episode: readonly WireMessage[];
}

export type WireMessage = { readonly text: string } | { readonly binary: string };
