import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { licences } from '../vendor/licences.js';

/** Bundles the page into dist/viewer, from where the program serves it. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  logLevel: 'warn',
  plugins: [licences('LICENSES.txt')],
  build: {
    outDir: '../dist/viewer',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});
