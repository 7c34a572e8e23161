import type { ControllerOutputs } from './controller.ts';
import type { Operator } from './operator.ts';
import type { OperatorClients, Stage } from './stage.ts';

/** The names of the scenes, in the order in which a whole demo plays them. */
export const sceneNames = ['deploy', 'create', 'update', 'refuse', 'orphan'] as const;

export type SceneName = (typeof sceneNames)[number];

/** What a scene has at hand once the controller is deployed. */
export interface Theatre {
  readonly stage: Stage;
  readonly clients: OperatorClients;
  readonly controller: ControllerOutputs;
  readonly operator: Operator;
  readonly tell: (line: string) => void;
}

/** One scene: observed by AWS's own answers with the operator's credentials, before and after. */
export interface Scene {
  readonly name: SceneName;
  readonly title: string;
  /** Scenes that must have been played before. */
  readonly needs: readonly SceneName[];
  /**
   * Plays the scene.
   *
   * @returns what was seen, in one line.
   * @throws NotObserved when something that it must show was not seen.
   */
  play(theatre: Theatre): Promise<string>;
}
