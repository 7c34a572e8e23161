import type { ChangeDetail, ResourceChange } from '../ports/stacks.ts';
import { inPlaceRisk } from './in-place-risk.ts';

/** In rising order. */
export const risks = ['safe', 'disruptive', 'destructive', 'forbidden'] as const;
export type Risk = (typeof risks)[number];

/** What a change means for a site, and why. */
export interface Assessment {
  readonly risk: Risk;
  /** Absent when safe. */
  readonly why?: string;
}

/** What the risk of a change depends on besides the change. */
export interface RiskContext {
  /** Until its stack was once *_COMPLETE nothing of value exists. */
  readonly firstCreate: boolean;
}

/** Resources whose loss is the loss of data or of what unlocks them: replaced or removed by a procedure, never by a diff. */
const dataTypes: ReadonlySet<string> = new Set([
  'AWS::EFS::AccessPoint',
  'AWS::EFS::FileSystem',
  'AWS::KMS::Key',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::SecretsManager::Secret',
]);

const safe: Assessment = { risk: 'safe' };

/**
 * The risk of one resource's change. Conservative: whatever is neither an addition nor a change that surely stays in place is
 * destructive, on data forbidden.
 */
export function riskOf(change: ResourceChange, context: RiskContext): Assessment {
  if (context.firstCreate) return safe;
  if (change.action === 'Add') return safe;
  if (change.action !== 'Modify') return lossOf(change, `${change.action.toLowerCase()} of ${change.logicalId}`);
  if (change.policyAction !== undefined) return lossOf(change, `${change.policyAction} of ${change.logicalId}`);
  if (change.replacement !== 'False') {
    return lossOf(
      change,
      `${change.logicalId} would${change.replacement === 'True' ? '' : ', on condition,'} be replaced`,
    );
  }
  const recreating = change.details.find(recreates);
  if (recreating !== undefined) return lossOf(change, `${nameOf(recreating)} of ${change.logicalId} may replace it`);
  return worst(change.details.map((detail) => inPlaceRisk(change.resourceType, detail)));
}

/** The gravest of several; the reasons of all that are as grave. */
export function worst(assessments: readonly Assessment[]): Assessment {
  const gravest = risks.findLast((risk) => assessments.some((one) => one.risk === risk)) ?? 'safe';
  const why = assessments.filter((one) => one.risk === gravest).flatMap((one) => one.why ?? []);
  return why.length === 0 ? { risk: gravest } : { risk: gravest, why: [...new Set(why)].join('; ') };
}

function lossOf(change: ResourceChange, why: string): Assessment {
  return { risk: dataTypes.has(change.resourceType) ? 'forbidden' : 'destructive', why };
}

/** Only properties replace a resource; what is not said of one counts as yes. */
function recreates(detail: ChangeDetail): boolean {
  return detail.requiresRecreation === undefined
    ? detail.attribute === 'Properties'
    : detail.requiresRecreation !== 'Never';
}

function nameOf(detail: ChangeDetail): string {
  return detail.name ?? detail.attribute;
}
