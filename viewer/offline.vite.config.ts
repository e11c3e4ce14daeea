import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the service worker of pages that are folders into dist/page, as a script that every browser takes. */
export default defineConfig({
  root: at('.'),
  logLevel: 'warn',
  build: {
    outDir: '../dist/page',
    emptyOutDir: false,
    target: 'es2023',
    reportCompressedSize: false,
    rolldownOptions: {
      input: at('../src/page/browser/offline.ts'),
      output: { format: 'iife', entryFileNames: 'offline.js' },
    },
  },
});
