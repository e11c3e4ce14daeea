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
}

/** Messages that the page is shown before it can make its own, as on the wire; a binary one in base64. */
export interface FirstMessages {
  /** What the page asks for, as JSON, but for the request's id. */
  readonly asked: string;
  readonly greeting: readonly WireMessage[];
  readonly episode: readonly WireMessage[];
}

export type WireMessage = { readonly text: string } | { readonly binary: string };
