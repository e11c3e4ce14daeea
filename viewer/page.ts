import { Actions } from './actions.ts';
import { readAddress } from './address.ts';
import { LearningChart } from './charts/learning-chart.ts';
import { RewardChart } from './charts/reward-chart.ts';
import { keepHouse } from './cleanup.ts';
import { Client } from './client.ts';
import { element, setText } from './dom.ts';
import { Loader } from './loader.ts';
import { newsOf } from './news.ts';
import { Controls } from './panels/controls.ts';
import { Header } from './panels/header.ts';
import { Help } from './panels/help.ts';
import { Notice } from './panels/notice.ts';
import { facesOf, Panes } from './panels/panes.ts';
import { Timeline } from './panels/timeline.ts';
import { TouchPad } from './panels/touch-pad.ts';
import { Pictures } from './pictures.ts';
import { Player, type Ticks } from './player.ts';
import { Receiver } from './receiver.ts';
import { Recorder } from './record/recorder.ts';
import { listen, listShortcuts, type PageActions } from './shortcuts.ts';
import { Stage } from './stage/stage.ts';
import { INITIAL, type State } from './state.ts';
import { Store } from './store.ts';
import { firstTheme, keepTheme } from './theme.ts';

/** What the controls show. */
const CHOICES = [
  ...(['world', 'limits', 'replay', 'playing', 'loop', 'speed', 'number', 'seed'] as const),
  ...(['policy', 'branching', 'branchTime', 'episode', 'own'] as const),
];

/** Builds the page and ties its parts together: whatever a person does changes the store, and the store what is shown. */
export async function startPage(): Promise<void> {
  const find = <Found extends HTMLElement>(selector: string) =>
    document.querySelector<Found>(selector)!;
  const narrow = window.matchMedia('(max-width: 899px)').matches;
  const store = new Store<State>({
    ...INITIAL,
    theme: firstTheme(),
    ...(narrow && { blocks: new Set(['actions'] as const) }),
  });

  const pictures = new Pictures();
  const loader = new Loader(store, pictures, (message) => client.send(message));
  const actions = new Actions(store, loader);
  const receiver = new Receiver(store, loader, actions, readAddress(window.location.search));
  const stage = await Stage.create(find('.panes'));
  const client = new Client({
    onMessage: (message) => receiver.receive(message),
    onPicture: (picture) => {
      pictures.add(picture);
      store.update({ revision: store.state.revision + 1 });
    },
    onNonsense: () =>
      store.update({ notice: 'The server said something that this page does not understand.' }),
    onLost: () => store.update({ connection: 'lost' }),
  });

  const recorder = new Recorder(store, pictures);
  const page: PageActions = {
    recordGif: () => void recorder.saveGif(),
    recordPng: () => void recorder.savePng(),
    recordReplay: () => recorder.saveReplay(),
    toggleHelp: () => help.toggle(),
    typeTime: () => controls.typeTime(),
    typeSeed: () => controls.typeSeed(),
  };
  const shortcuts = listShortcuts(actions, page);
  const help = new Help(() => shortcuts);
  listen(shortcuts, actions);

  const playing = {
    onMoment: (moment: number) => loader.extend(moment),
    onEnd: () => actions.goOn(),
  };
  new Player(store, playing, everyPicture);

  keepHouse(store, loader);
  keepTheme(store);

  const header = new Header(find('.task'), find('.tools'), actions, page);
  const panes = new Panes(find('.panes'), stage, pictures, actions);
  const timeline = new Timeline(find('.timeline'), actions);
  const controls = new Controls(find('.controls'), actions);
  const pad = new TouchPad(find('.controls'), actions);
  const news = element('p', { class: 'heard', role: 'status' });
  find('.timeline').append(news);
  const notice = new Notice(find('.notice'), () => store.update({ notice: '' }));
  const rewards = new RewardChart(actions);
  const learning = new LearningChart();
  find('.charts').append(rewards.root, learning.root);
  // Nothing of it changes from step to step.
  store.watch(
    (state) => CHOICES.map((name) => state[name]),
    () => controls.show(store.state),
  );
  store.watch(
    (state) => [state],
    ([state]) => {
      const charts = state.charts && state.replay === null;
      find('.charts').hidden = !charts;
      const faces = facesOf(state);
      header.show(state);
      panes.show(state);
      timeline.show(faces, state);
      setText(news, newsOf(faces, state));
      pad.show(state);
      notice.show(state);
      if (charts) {
        rewards.show(state);
        learning.show(state);
      }
    },
  );
}

const everyPicture: Ticks = (tick) => {
  requestAnimationFrame((now) => {
    tick(now);
    everyPicture(tick);
  });
};
