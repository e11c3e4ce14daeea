import type { Browser } from 'playwright-core';
import type { Viewer } from './stand.ts';

/** What a saved picture or animation holds, as the browser itself decodes it. */
export async function decode(
  browser: Browser,
  address: string,
  file: Buffer,
  type: string,
): Promise<{ frames: number; width: number; height: number }> {
  const page = await browser.newPage();
  try {
    await page.goto(address); // a page that may decode has to come from somewhere trustworthy
    return await page.evaluate(`(async () => {
      const bytes = Uint8Array.from(atob('${file.toString('base64')}'), (sign) => sign.charCodeAt(0));
      const decoder = new ImageDecoder({ data: bytes, type: '${type}' });
      await decoder.tracks.ready;
      await decoder.completed;
      const { frameCount: frames } = decoder.tracks.selectedTrack;
      const { image } = await decoder.decode({ frameIndex: frames - 1 });
      return { frames, width: image.displayWidth, height: image.displayHeight };
    })()`);
  } finally {
    await page.close();
  }
}

/** The world's pixels as they are on screen: the middle of each, from a screenshot. */
export async function readBack(viewer: Viewer, pane: string): Promise<number[]> {
  const side = 56;
  const box = (await viewer.pane(pane).locator('.screen').boundingBox())!;
  const scale = Math.floor(Math.min(box.width, box.height) / side);
  const left = Math.round(box.x + (box.width - side * scale) / 2);
  const top = Math.round(box.y + (box.height - side * scale) / 2);
  const clip = { x: left, y: top, width: side * scale, height: side * scale };
  const shot = (await viewer.page.screenshot({ clip })).toString('base64');
  return viewer.page.evaluate(`(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${shot}';
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = ${side * scale};
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const pixels = [];
    for (let y = 0; y < ${side}; y++) {
      for (let x = 0; x < ${side}; x++) {
        const at = 4 * (Math.floor((y + 0.5) * ${scale}) * canvas.width + Math.floor((x + 0.5) * ${scale}));
        pixels.push(data[at], data[at + 1], data[at + 2]);
      }
    }
    return pixels;
  })()`);
}
