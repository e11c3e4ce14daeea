import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { licences } from '../vendor/licences.js';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Bundles the thread of pages that need no server into dist/page, one file and ONNX Runtime's WebAssembly beside it. */
export default defineConfig({
  root: at('.'),
  base: './',
  logLevel: 'warn',
  plugins: [licences('LICENSES-worker.txt')],
  resolve: {
    alias: {
      '#tensorflow': at('../vendor/tensorflow/entry.js'),
      'onnxruntime-web': 'onnxruntime-web/wasm',
    },
  },
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: at('../src/page/browser/worker.ts'),
      external: ['onnxruntime-node', '@tensorflow/tfjs-node'],
      output: {
        codeSplitting: false,
        entryFileNames: 'worker.js',
        assetFileNames: '[name][extname]',
      },
    },
  },
});
