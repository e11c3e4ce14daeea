import { parseJson } from '../../common/parse-json.ts';
import { PAGE_FILE, type PageFile } from './page-file.ts';
import { type Place, versioned } from './posted.ts';
import { setWasm } from './wasm-file.ts';

/** Gives the bytes of a page's file. */
export type FileOf = (name: string) => Promise<Uint8Array<ArrayBuffer>>;

/** Makes a thread ready to read the page's files and to run its programs, and its own worlds and pathways known. */
export async function settle({
  base,
  version,
  files,
  wasm,
}: Place): Promise<{ readonly page: PageFile; readonly fileOf: FileOf }> {
  const urlOf = (name: string): URL => new URL(versioned(name, version), base);
  const fileOf: FileOf = async (name) => {
    const held = files?.[name];
    if (held) return held;
    const response = await fetch(urlOf(name));
    if (!response.ok) throw new Error(`${name} cannot be loaded: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  setWasm(files?.[wasm] ?? urlOf(wasm).href);
  const page = parseJson(new TextDecoder().decode(await fileOf(PAGE_FILE))) as PageFile;
  if (page.modules.length > 0) {
    const { registerOwn } = await import('./own-modules.ts');
    await registerOwn(page.modules);
  }
  return { page, fileOf };
}
