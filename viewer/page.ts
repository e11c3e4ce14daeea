import type { PageParts } from '../src/page/browser/posted.ts';
import { announcementOf } from './announcement.ts';
import { LearningChart } from './charts/learning-chart.ts';
import { NumberChart } from './charts/number-chart.ts';
import { Commands } from './commands.ts';
import type { PageConnection, ServerCallbacks } from './connection.ts';
import { element, setText } from './dom.ts';
import { EpisodeClient } from './episode-client.ts';
import { MessageReceiver } from './message-receiver.ts';
import { pageFiles, partsOfPage } from './page-files.ts';
import { keepHistory } from './page-history.ts';
import { Controls } from './panels/controls.ts';
import { EndPlayDialog } from './panels/end-play-dialog.ts';
import { EpisodeMap } from './panels/episode-map.ts';
import { Header } from './panels/header.ts';
import { HelpDialog } from './panels/help-dialog.ts';
import { Legend } from './panels/legend.ts';
import { Notice } from './panels/notice.ts';
import { Panes, paneContents } from './panels/panes.ts';
import { SaveRange } from './panels/save-range.ts';
import { StudyLines } from './panels/study-lines.ts';
import { Timeline } from './panels/timeline.ts';
import { TouchPad } from './panels/touch-pad.ts';
import { WaitingLine } from './panels/waiting-line.ts';
import { Pictures } from './pictures.ts';
import { Playback, type Ticks } from './playback.ts';
import { FileSaver } from './saving/file-saver.ts';
import { ServerConnection } from './server-connection.ts';
import { listShortcuts, obeyKeyboard, type PageCommands } from './shortcuts.ts';
import { INITIAL, type State } from './state.ts';
import { Store } from './store.ts';
import { runStoreEffects } from './store-effects.ts';
import { StoryBar } from './story/story-bar.ts';
import { firstTheme, keepTheme } from './theme.ts';
import { openTrainTools, type TrainTools } from './training/train-tools.ts';
import { WorkerConnection } from './worker-connection.ts';
import { WorldCanvas } from './world-canvas/world-canvas.ts';

/** The controls depend on these. */
const CHOICES = [
  ...(['world', 'limits', 'replay', 'playing', 'loop', 'speed', 'number', 'others'] as const),
  ...(['seed', 'policy', 'branching', 'branchNumber', 'episode', 'own', 'endingPlay'] as const),
];

/** Builds the page and connects its parts: what a person does changes the store, and the store changes what is shown. */
export async function startPage(): Promise<void> {
  const find = <Found extends HTMLElement>(selector: string) =>
    document.querySelector<Found>(selector)!;
  const narrow = window.matchMedia('(max-width: 899px)').matches;
  const store = new Store<State>({
    ...INITIAL,
    theme: firstTheme(),
    ...(narrow && { readouts: new Set(['actions'] as const) }),
  });

  const pictures = new Pictures();
  const episodes = new EpisodeClient(store, pictures, (message) => connection.send(message));
  const commands = new Commands(store, episodes);
  const receiver = new MessageReceiver(store, episodes, commands, window.location.search);
  const canvas = await WorldCanvas.create(find('.panes'));
  const parts = partsOfPage();
  const tools =
    parts && (await openTrainTools(parts, pageFiles(parts), store, window.location.search));
  const connection = connectPage(parts, tools, {
    onMessage: (message) => receiver.receive(message),
    onPicture: (picture) => {
      pictures.add(picture);
      store.update({ revision: store.state.revision + 1 });
    },
    onUnreadable: () =>
      commands.notify('The server sent something that this page does not understand.'),
    onLost: (lostBecause) => store.update({ connection: 'lost', lostBecause }),
  });

  const saver = new FileSaver(store, pictures);
  const saveRange = new SaveRange((notice) => commands.notify(notice));
  const page: PageCommands = {
    saveRange,
    saveGif: () => void saver.saveGif(saveRange.chosen),
    saveVideo: () => void saver.saveVideo(saveRange.chosen),
    savePng: () => void saver.savePng(),
    saveReplay: () => saver.saveReplay(),
    toggleHelp: () => help.toggle(store.state.world?.number?.symbol, store.state.world?.actions),
    showEpisodes: () => map.open(),
    typeNumber: () => controls.typeNumber(),
    typeSeed: () => controls.typeSeed(),
  };
  const shortcuts = listShortcuts(commands, page);
  const help = new HelpDialog(shortcuts, () => story.start());
  obeyKeyboard(shortcuts, commands);

  const playing = {
    onMoment: (moment: number) => episodes.extend(moment),
    onEnd: () => commands.playNext(),
  };
  new Playback(store, playing, everyFrame);

  runStoreEffects(store, episodes);
  keepHistory(store, commands);
  new EndPlayDialog(store, commands);
  keepTheme(store);

  tools?.showIn(find('.own-training'), find('.tools'), (notice) => commands.notify(notice));
  const header = new Header(find('.task'), find('.tools'), commands, page);
  const legend = new Legend();
  find('.tools').before(legend.root);
  const panes = new Panes(find('.panes'), canvas, pictures, commands);
  legend.root.before(panes.dropped);
  const timeline = new Timeline(find('.timeline'), commands);
  const controls = new Controls(find('.controls'), commands);
  const pad = new TouchPad(find('.controls'), commands);
  const announcement = element('p', { class: 'heard', role: 'status' });
  find('.timeline').append(announcement);
  const story = new StoryBar(find('.story'), store, commands);
  const notice = new Notice(find('.notice'), () => commands.notify(''));
  const waiting = new WaitingLine(commands);
  find('.timeline').append(waiting.root);
  const map = new EpisodeMap(commands);
  const byNumber = new NumberChart(commands, page.showEpisodes);
  const learning = new LearningChart(commands);
  const study = new StudyLines();
  find('.charts').append(study.root, byNumber.root, learning.root);
  // The controls do not change from step to step.
  store.watch(
    (state) => CHOICES.map((name) => state[name]),
    () => controls.show(store.state),
  );
  store.watch(
    (state) => [state],
    ([state]) => {
      const charts = state.charts && state.replay === null;
      find('.charts').hidden = !charts;
      const contents = paneContents(state);
      header.show(state);
      legend.show(state.world);
      panes.show(state);
      timeline.show(contents, state);
      setText(announcement, announcementOf(contents, state));
      pad.show(state);
      notice.show(state);
      waiting.show(state);
      map.show(state);
      if (charts) {
        study.show(state);
        byNumber.show(state);
        learning.show(state);
      }
    },
  );
}

/** To the server, or in a page that needs none to a thread of its own. */
function connectPage(
  parts: PageParts | null,
  tools: TrainTools | null,
  callbacks: ServerCallbacks,
): PageConnection {
  return parts
    ? new WorkerConnection(parts, pageFiles(parts), callbacks, tools?.training ?? null)
    : new ServerConnection(callbacks);
}

const everyFrame: Ticks = (tick) => {
  requestAnimationFrame((now) => {
    tick(now);
    everyFrame(tick);
  });
};
