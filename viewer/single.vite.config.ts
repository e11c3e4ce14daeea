import { defineConfig, mergeConfig } from 'vite';
import page from './page.vite.config.ts';

/** Bundles the page into one script and one style sheet in dist/page, for pages that are a single file. */
export default mergeConfig(
  page,
  defineConfig({
    build: {
      outDir: '../dist/page',
      emptyOutDir: false,
      cssCodeSplit: false,
      rolldownOptions: {
        input: 'viewer/main.ts',
        output: {
          codeSplitting: false,
          entryFileNames: 'page.js',
          assetFileNames: 'page[extname]',
        },
      },
    },
  }),
);
