import { PACE } from '../state.ts';
import type { AnimationOptions } from './encode-image.ts';
import type { EpisodePicture } from './episode-picture.ts';

const SCALE = 2;
const STEP_MS = 1000 / PACE;
const END_MS = 2000;
const BITS_PER_SECOND = 2_000_000;
const TYPES = ['video/mp4;codecs=avc1.42E01F', 'video/mp4', 'video/webm'];

/** The best kind of video that this browser records; null: none. */
export function videoType(): string | null {
  const canRecord = typeof MediaRecorder !== 'undefined';
  return (canRecord && TYPES.find((type) => MediaRecorder.isTypeSupported(type))) || null;
}

/**
 * Some moments of an episode as a video, recorded as fast as it plays, the last moment for longer.
 * @returns null where it was stopped
 */
export async function recordVideo(
  { width, height, draw }: EpisodePicture,
  { from, to, onShare, stop }: AnimationOptions,
  type: string,
): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  // Encoders take even sizes only.
  Object.assign(canvas, { width: even(width * SCALE), height: even(height * SCALE) });
  const context = canvas.getContext('2d')!;
  context.scale(SCALE, SCALE);
  draw(context, from);
  const stream = canvas.captureStream(0);
  const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
  const settings = { mimeType: type, videoBitsPerSecond: BITS_PER_SECOND };
  const recorder = new MediaRecorder(stream, settings);
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener('stop', resolve));
  recorder.start(1000);
  for (let moment = from; moment <= to && !stop.aborted; moment++) {
    draw(context, moment);
    track.requestFrame();
    onShare((moment - from) / (to - from + 1));
    await new Promise((resolve) => setTimeout(resolve, moment === to ? END_MS : STEP_MS));
  }
  // A frame ends where the next one begins.
  track.requestFrame();
  recorder.stop();
  await stopped;
  track.stop();
  return stop.aborted ? null : new Blob(parts, { type: type.split(';')[0]! });
}

const even = (size: number): number => 2 * Math.ceil(size / 2);
