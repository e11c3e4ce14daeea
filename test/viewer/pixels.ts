import { sharedBrowser, type Viewer } from './page-in-browser.ts';

/** Pixels of a world. */
const SIDE = 56;

/** Runs a script in a separate page. Only a page from a trustworthy address may decode pictures. */
async function runAt<Result>(address: string, script: string): Promise<Result> {
  const page = await (await sharedBrowser()).newPage();
  try {
    await page.goto(address);
    return await page.evaluate<Result>(script);
  } finally {
    await page.close();
  }
}

/** What a saved picture or animation holds, as the browser itself decodes it. */
export const decode = ({ server }: Viewer, file: Buffer, type: string) =>
  runAt<{ frames: number; width: number; height: number }>(
    server.address,
    `(async () => {
      const bytes = Uint8Array.from(atob('${file.toString('base64')}'), (sign) => sign.charCodeAt(0));
      const decoder = new ImageDecoder({ data: bytes, type: '${type}' });
      await decoder.tracks.ready;
      await decoder.completed;
      const { frameCount: frames } = decoder.tracks.selectedTrack;
      const { image } = await decoder.decode({ frameIndex: frames - 1 });
      return { frames, width: image.displayWidth, height: image.displayHeight };
    })()`,
  );

/** The size of a video, once the browser has decoded its first picture. */
export const sizeOfVideo = (file: Buffer, type: string) =>
  runAt<{ width: number; height: number }>(
    'about:blank',
    `new Promise((resolve, reject) => {
      const video = document.createElement('video');
      video.onloadeddata = () => resolve({ width: video.videoWidth, height: video.videoHeight });
      video.onerror = () => reject(new Error(video.error.message));
      video.src = 'data:${type};base64,${file.toString('base64')}';
    })`,
  );

/** A world's pixels in a PNG: the middle of each. @param scale how many pixels wide one of the world's is */
export const pixelsOf = (
  { server }: Viewer,
  png: Buffer,
  { left, top, scale }: { left: number; top: number; scale: number },
) => runAt<number[]>(server.address, readPixels(png.toString('base64'), left, top, scale));

/** The world's pixels as they are on screen: the middle of each, from a screenshot. */
export async function readBack(viewer: Viewer, pane: string): Promise<number[]> {
  const box = (await viewer.pane(pane).locator('.screen').boundingBox())!;
  const scale = Math.floor(Math.min(box.width, box.height) / SIDE);
  const left = Math.round(box.x + (box.width - SIDE * scale) / 2);
  const top = Math.round(box.y + (box.height - SIDE * scale) / 2);
  const clip = { x: left, y: top, width: SIDE * scale, height: SIDE * scale };
  const shot = (await viewer.page.screenshot({ clip })).toString('base64');
  return viewer.page.evaluate(readPixels(shot, 0, 0, scale));
}

/** A script that reads a world out of a PNG. */
function readPixels(png: string, left: number, top: number, scale: number): string {
  return `(async () => {
    const image = new Image();
    image.src = 'data:image/png;base64,${png}';
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const pixels = [];
    for (let y = 0; y < ${SIDE}; y++) {
      for (let x = 0; x < ${SIDE}; x++) {
        const at = 4 * (Math.floor(${top} + (y + 0.5) * ${scale}) * canvas.width + Math.floor(${left} + (x + 0.5) * ${scale}));
        pixels.push(data[at], data[at + 1], data[at + 2]);
      }
    }
    return pixels;
  })()`;
}
