import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { printableLines } from '../../env/printable.ts';
import { writeOutput } from '../common/output.ts';
import { encodePng } from './png.ts';

const require = createRequire(import.meta.url);

/** The figure's own fonts, so that its picture does not depend on those of the machine. */
const FONT_FILES = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'];

/**
 * Draws a Vega-Lite specification.
 * @param size of all panels together in pixels; where it is left out, the picture is as large as what is drawn
 * @returns an SVG document
 */
export async function drawSpec(
  given: TopLevelSpec,
  size?: { readonly width: number; readonly height: number },
): Promise<string> {
  const { spec } = compile(given);
  const sized: vega.Spec = size ? { ...spec, autosize: 'none', ...size } : spec;
  const view = new vega.View(vega.parse(sized), { renderer: 'none' });
  try {
    // Names within a document count on from one to the next: the same figure would not be the same bytes.
    vega.resetSVGDefIds();
    return printableLines(await view.toSVG());
  } finally {
    view.finalize();
  }
}

/**
 * Turns a figure into a PNG image.
 * @param svg what `drawSpec` returned
 * @param scale image pixels for each pixel of the SVG
 * @returns the bytes of the file
 */
export function rasterise(svg: string, scale = 2): Buffer {
  const picture = new Resvg(svg, {
    background: 'white',
    fitTo: { mode: 'zoom', value: scale },
    font: {
      loadSystemFonts: false,
      fontFiles: FONT_FILES.map((file) => require.resolve(`#fonts/${file}`)),
      defaultFontFamily: 'Inter',
    },
  });
  const { pixels, width, height } = picture.render();
  return encodePng(pixels, width, height);
}

/**
 * Writes a figure into files, SVG or PNG as each name ends.
 * @param write what writes each
 * @throws Failure where one cannot be written
 */
export function saveFigure(svg: string, files: readonly string[], write = writeOutput): void {
  for (const file of files) {
    write(file, extname(file).toLowerCase() === '.png' ? rasterise(svg) : svg);
  }
}
