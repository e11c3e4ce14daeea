import { execFileSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What a fresh checkout lacks; linked or made by packing. */
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'runs']);
const BLOCK = 4096;
const MIB = 2 ** 20;

export interface Installed {
  /** What the package holds, as paths relative to its root. */
  readonly packed: readonly string[];
  /** The packed package, a .tgz file. */
  readonly archive: string;
  /** A user's folder that has the package installed, without what it needs for development. */
  readonly user: string;
}

/**
 * Packs a checkout and installs the package as a user does.
 * @param root the checkout, with its dependencies installed
 * @param folder an empty folder to work in
 */
export function packAndInstall(root: string, folder: string): Installed {
  const checkout = join(folder, 'checkout');
  cpSync(root, checkout, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync('npm', [...args, '--silent', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
    });
  const [{ filename, files }] = JSON.parse(
    npm(checkout, 'pack', '--json', '--ignore-scripts=false', `--pack-destination=${folder}`),
  );
  const archive = join(folder, filename);
  const user = join(folder, 'user');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "private": true, "type": "module" }');
  npm(user, 'install', '--omit=dev', archive);
  return { archive, user, packed: files.map(({ path }: { path: string }) => path) };
}

/** The size of all files below a folder in blocks of 4 KiB, as most file systems keep them; in MiB. */
export function sizeOf(path: string): number {
  const entry = lstatSync(path);
  if (!entry.isDirectory()) return (Math.ceil(entry.size / BLOCK) * BLOCK) / MIB;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), BLOCK / MIB);
}

if (process.argv[1] && realpathSync(process.argv[1]) === import.meta.filename) {
  const folder = mkdtempSync(join(tmpdir(), 'timegrid-size-'));
  try {
    const modules = join(packAndInstall(process.cwd(), folder).user, 'node_modules');
    const packages = readdirSync(modules)
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) =>
        name.startsWith('@') ? readdirSync(join(modules, name)).map((n) => join(name, n)) : name,
      )
      .map((name) => ({ name, size: sizeOf(join(modules, name)) }))
      .sort((a, b) => b.size - a.size);
    const line = (size: number, what: string) => console.log(size.toFixed(1).padStart(7), what);
    for (const { name, size } of packages.slice(0, 8)) line(size, name);
    line(sizeOf(modules), `MiB in ${packages.length} packages`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
