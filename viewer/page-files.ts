import { type Beginning, type PageParts, versioned } from '../src/page/browser/posted.ts';
import { keepForOffline } from './keep-for-offline.ts';

/** Where a page that needs no server has its files. */
export interface PageFiles {
  text(name: string): Promise<string>;
  worker(name: string): Promise<Worker>;
  /** What the thread reads files from. */
  forWorker(): Promise<Omit<Beginning, 'wasm'>>;
  /** Sees to it that the page opens without a network from now on, where it can. */
  keep(): void;
}

/** What the page says of its own parts; null where a server shows it. */
export function partsOfPage(): PageParts | null {
  const text = document.getElementById('timegrid-parts')?.textContent;
  return text ? (JSON.parse(text) as PageParts) : null;
}

/** Files within the page itself, or beside it. */
export const pageFiles = (parts: PageParts): PageFiles =>
  document.querySelector('script[data-file]') ? heldFiles() : filesBeside(parts);

function filesBeside({ version, offline }: PageParts): PageFiles {
  const base = new URL('.', document.baseURI).href;
  const urlOf = (name: string) => new URL(versioned(name, version), base);
  return {
    async text(name) {
      const response = await fetch(urlOf(name));
      if (!response.ok) throw new Error(`${name} cannot be loaded: ${response.status}`);
      return response.text();
    },
    worker: async (name) => new Worker(urlOf(name), { type: 'module' }),
    forWorker: async () => ({ base, version }),
    keep() {
      if (version !== undefined && offline !== undefined)
        void keepForOffline(new URL(offline, base), version);
    },
  };
}

/** Each stands in the page, compressed and in base64. */
function heldFiles(): PageFiles {
  const held = new Map(
    [...document.querySelectorAll<HTMLScriptElement>('script[data-file]')].map((element) => [
      element.dataset.file!,
      element,
    ]),
  );
  const bytes = async (name: string): Promise<Uint8Array<ArrayBuffer>> => {
    const text = held.get(name)?.textContent;
    if (!text) throw new Error(`${name} is missing`);
    const packed = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  return {
    text: async (name) => new TextDecoder().decode(await bytes(name)),
    async worker(name) {
      // From a page of the disk, Chromium takes no module from a `blob:` address as a worker.
      const script = new TextDecoder().decode(await bytes(name));
      const url = `data:text/javascript,${encodeURIComponent(script)}`;
      return new Worker(url, { type: 'module' });
    },
    async forWorker() {
      const names = [...held.keys()];
      const files = await Promise.all(
        names.map(async (name) => [name, await bytes(name)] as const),
      );
      return { files: Object.fromEntries(files) };
    },
    keep() {}, // it is a file of its own
  };
}
