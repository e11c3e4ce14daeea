// Bundles other people's code into dist/vendor, with types: TensorFlow.js, and what differs between Node and browsers (`#platform`).
// `npm run build` runs this first.
import fs from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const core = join(root, 'node_modules/@tensorflow/tfjs-core/dist');
const out = join(root, 'dist/vendor');

/** Types of browsers and of packages that do not ship: nothing that this package does has them. */
const ABSENT =
  /\b(HTML(?:Canvas|Image|Source|Video)Element|ImageData|ImageBitmap|WebGLTexture|WebGLContextAttributes|GPUBuffer|Navigator|IDBFactory|Storage|Long)\b/g;
const LICENCE = `/*! TensorFlow.js. Copyright Google LLC. Licensed under the Apache License, Version 2.0 (vendor/tensorflow/LICENSE.txt). */`;

/** Copies a file of types and all that it imports, as an ECMAScript module that needs no other package. */
function copyTypes(source, copied = new Set()) {
  if (copied.has(source)) return;
  copied.add(source);
  const text = fs.readFileSync(source, 'utf8').replace(/^\/\*\*\n \* @license[\s\S]*?\*\/\n/, '');
  const used = new Set(text.match(ABSENT));
  const body = text
    .replace(/^\/\/\/ <.*\n/gm, '')
    .replace(
      /((?:from|module) |import[ (])['"](@tensorflow\/tfjs-core\/dist|\.\.?)(\/[^'"]*)['"]/g,
      (_, before, from, path) => {
        const target = join(from.startsWith('.') ? join(dirname(source), from) : core, path);
        const file = fs.existsSync(`${target}.d.ts`)
          ? `${target}.d.ts`
          : join(target, 'index.d.ts');
        copyTypes(file, copied);
        const specifier = relative(dirname(source), file).replace(/\.d\.ts$/, '.js');
        return `${before}'${specifier.startsWith('.') ? '' : './'}${specifier}'`;
      },
    );
  const absent = [...used].map((name) => `type ${name} = unknown;\n`).join('');
  const target = join(out, 'tensorflow', relative(core, source));
  fs.mkdirSync(dirname(target), { recursive: true });
  fs.writeFileSync(target, `${LICENCE}\n${absent}${body}`);
}

/** Bundles one module, for any environment, without changing what it computes. */
const bundled = (entry, file) =>
  build({
    configFile: false,
    root,
    logLevel: 'warn',
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir: out,
      emptyOutDir: false,
      target: 'es2023',
      minify: false,
      rolldownOptions: {
        external: ['node-fetch'],
        output: {
          comments: false,
          entryFileNames: file,
          // White space alone: no name and no expression changes.
          minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
        },
      },
    },
  });

fs.rmSync(out, { recursive: true, force: true });
await bundled('vendor/tensorflow/entry.js', 'tensorflow.js');
await bundled('vendor/platform/browser.js', 'platform/browser.js');
for (const name of ['node.js', 'types.d.ts']) {
  fs.copyFileSync(join(root, 'vendor/platform', name), join(out, 'platform', name));
}
const bundle = join(out, 'tensorflow.js');
fs.writeFileSync(bundle, `${LICENCE}\n${fs.readFileSync(bundle, 'utf8')}`);
copyTypes(join(core, 'index.d.ts'));
copyTypes(join(core, 'public/chained_ops/register_all_chained_ops.d.ts'));
fs.writeFileSync(
  join(out, 'tensorflow.d.ts'),
  `import './tensorflow/public/chained_ops/register_all_chained_ops.js';\nexport * from './tensorflow/index.js';\n`,
);
