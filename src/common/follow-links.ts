import fs from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** Where symbolic links lead, even if nothing is there yet; a number is a descriptor, as `/dev/stdout` and `>(…)` name it. */
export function followLinks(path: string): string | number {
  let place = resolve(path);
  // A circle of links is an error here.
  fs.statSync(place, { throwIfNoEntry: false });
  for (;;) {
    const folder = dirname(place);
    if (fs.existsSync(folder)) place = join(fs.realpathSync(folder), basename(place));
    const descriptor = descriptorOf(place);
    if (descriptor !== undefined) return descriptor;
    if (!fs.lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink()) return place;
    place = resolve(dirname(place), fs.readlinkSync(place));
  }
}

/** Opening such a path again would start at the beginning of a file, and fails for a socket. */
function descriptorOf(path: string): number | undefined {
  if (!/^\d+$/.test(basename(path))) return undefined;
  const own = ['/dev/fd', '/proc/self/fd'].map((folder) =>
    fs.existsSync(folder) ? fs.realpathSync(folder) : undefined,
  );
  return own.includes(dirname(path)) ? Number(basename(path)) : undefined;
}
