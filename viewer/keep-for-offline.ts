import type { KeptPage } from '../src/page/browser/posted.ts';

/** Lets the browser keep a page of a web host, so that it opens without a network. A page of the disk is there anyway. */
export async function keepForOffline(script: URL, version: string): Promise<void> {
  // Browsers have it only where nobody on the way can have changed the page.
  const { serviceWorker } = navigator as Partial<Navigator>;
  if (!serviceWorker || !/^https?:$/.test(location.protocol)) return;
  const tell = (worker: ServiceWorker | null): void =>
    worker?.postMessage({ version } satisfies KeptPage);
  try {
    const registration = await serviceWorker.register(script, { updateViaCache: 'none' });
    registration.addEventListener('updatefound', () => tell(registration.installing));
    for (const worker of [registration.installing, registration.waiting]) tell(worker);
  } catch (error) {
    console.info(`This page cannot be kept for later: ${error}`);
  }
}
