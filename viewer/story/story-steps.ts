import type { AgentInfo, NumberInfo } from '../../src/watch/protocol.ts';
import { firstNumber } from '../opening-number.ts';
import type { State } from '../state.ts';

/** What a step of the story shows: each is an episode, or something in one. */
export type StoryScene =
  | { readonly kind: 'episode'; readonly number: number }
  /** In the middle of an episode, with the pathways' panels open. */
  | { readonly kind: 'inside'; readonly number: number }
  | { readonly kind: 'branch'; readonly number: number; readonly at: number; readonly told: number }
  /** The last steps of a long episode. */
  | { readonly kind: 'far'; readonly number: number };

export interface StoryStep {
  readonly title: string;
  readonly text: string;
  readonly scene: StoryScene;
  /** Whether a person is invited to play the first step's episode. */
  readonly invites?: boolean;
}

/** How far the story goes beyond training, in times the greatest number of training, and at most. */
const FAR = 1_000;
const FARTHEST = 10_000;
const BRANCH_AT = 6;
const FURTHER = 6;

/** The story of what is on the page, in at most five steps; none where the world tells no number or a replay is shown. */
export function storySteps(state: State): StoryStep[] {
  const { world, agents, limits, replay } = state;
  const next = firstNumber(state);
  if (!world?.number || next === null || replay !== null || agents.length === 0) return [];
  const { symbol, meaning, trained, countsSteps } = world.number;
  const [least, greatest] = trained;
  const known = playedNumber(world.number);
  const far = Math.min(FARTHEST, FAR * greatest, limits?.number ?? FARTHEST);
  const [who, were] =
    agents.length === 1
      ? ['The agent is', 'It was trained on']
      : ['All agents are', 'They were trained on'];
  const task = countsSteps
    ? 'paid most for reaching the target at exactly that step'
    : 'paid most for exactly that many';
  const counter = agents.find(counts);
  const steps: StoryStep[] = [
    {
      title: 'The task',
      text: `${who} told a number, now ${symbol} = ${known} (${meaning}), and ${task}. ${were} ${least} to ${greatest}.`,
      scene: { kind: 'episode', number: known },
    },
    {
      title: 'Beyond training',
      text: `In training, ${symbol} was never ${next}. Who still gets it right? Drag the slider further and see. The chart shows how often each agent does.`,
      scene: { kind: 'episode', number: next },
    },
  ];
  if (counter) {
    steps.push({
      title: `Inside ${counter.name}`,
      text: `Step with ◁ and ▷ and watch the panel “${panelOf(counter)}”: it counts one more at each ${countsSteps ? 'step' : 'event'}. The memory is told only how far the count is from ${symbol}, so a larger ${symbol} is nothing new to it.`,
      scene: { kind: 'inside', number: next },
    });
  }
  if (countsSteps) {
    const told = next + FURTHER;
    steps.push({
      title: 'Change the number on the way',
      text: `The same episode twice: below, the number changes to ${told} at step ${BRANCH_AT}. An agent that uses its number arrives ${FURTHER} steps later.`,
      scene: { kind: 'branch', number: next, at: BRANCH_AT, told },
    });
  }
  steps.push({
    title: 'Far beyond, and your turn',
    text: `${symbol} = ${far.toLocaleString('en')}: these are the last steps. An agent that counts is still exact. Can you do better? Play ${symbol} = ${known} yourself.`,
    scene: { kind: 'far', number: far },
    invites: true,
  });
  return steps;
}

/** Whether an agent counts with accumulators that keep their sums. */
const counts = ({ pathway }: AgentInfo): boolean =>
  pathway !== null && /clock|counter/.test(pathway);

const panelOf = ({ pathwayLabel }: AgentInfo): string => pathwayLabel ?? 'Pathway';

/** A number of training that the story begins with, and that a person is told to play at the end. */
export const playedNumber = ({ trained: [least, greatest] }: NumberInfo): number =>
  Math.round((least + 2 * greatest) / 3);
