/** What a page that needs no server and its thread say to each other: the protocol's messages, by another wire. */

/** What one end posts to the other. */
export type Posted =
  | { readonly text: string }
  | { readonly binary: Uint8Array }
  | { readonly ping: string }
  | { readonly pong: string };

/** What the page posts first: where its files are, or the files themselves. */
export interface Beginning {
  readonly base?: string;
  /** Asks for files of this version of the page. */
  readonly version?: string;
  readonly files?: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  /** The name of ONNX Runtime's WebAssembly. */
  readonly wasm: string;
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
