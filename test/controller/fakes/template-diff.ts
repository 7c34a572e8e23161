import type { ChangeDetail, ResourceChange } from '../../../controller/ports/stacks.ts';
import { type FakeResource, type FakeTemplate, resolveValue } from './template.ts';

/** Properties whose change replaces the resource: `<type>.<property>`. */
const replacing: ReadonlySet<string> = new Set([
  'AWS::EC2::VPC.CidrBlock',
  'AWS::EC2::Subnet.AvailabilityZone',
  'AWS::EC2::Instance.ImageId',
  'AWS::RDS::DBInstance.DBName',
  'AWS::RDS::DBInstance.StorageEncrypted',
  'AWS::EFS::FileSystem.Encrypted',
  'AWS::CertificateManager::Certificate.DomainName',
]);

/** Properties that the registry calls conditional: in place almost always, and said to be `Conditional`. */
const conditional: ReadonlySet<string> = new Set(['AWS::AutoScaling::AutoScalingGroup.LaunchTemplate']);

/** What a change set of a template on a stack's resources would do. */
export function diffTemplate(
  template: FakeTemplate,
  parameters: Readonly<Record<string, string>>,
  resources: ReadonlyMap<string, FakeResource>,
): ResourceChange[] {
  const changed = new Set<string>();
  const kept = Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    const existing = resources.get(logicalId);
    if (existing === undefined) return [bare('Add', logicalId, Type)];
    const wanted = resolveValue(Properties ?? {}, parameters, resources) as Record<string, unknown>;
    const caused = causes(Properties ?? {}, changed);
    const changes = modification(logicalId, existing, wanted, caused);
    if (changes.length > 0) changed.add(logicalId);
    return changes;
  });
  const removed = [...resources].flatMap(([logicalId, { type, physicalId }]) =>
    template.Resources[logicalId] === undefined
      ? [{ ...bare('Remove', logicalId, type), physicalId, policyAction: 'Delete' }]
      : [],
  );
  return [...kept, ...removed];
}

/** Properties that take an attribute of a resource which changes too, with that resource; it stands before in the template. */
function causes(properties: Readonly<Record<string, unknown>>, changed: ReadonlySet<string>): Map<string, string> {
  const found = Object.entries(properties).flatMap(([name, value]) => {
    const attribute = (value as { 'Fn::GetAtt'?: [string, string] } | null)?.['Fn::GetAtt'];
    return attribute !== undefined && changed.has(attribute[0]) ? [[name, attribute.join('.')] as const] : [];
  });
  return new Map(found);
}

function bare(action: 'Add' | 'Remove', logicalId: string, resourceType: string): ResourceChange {
  return { action, logicalId, resourceType, scope: [], details: [] };
}

function modification(
  logicalId: string,
  existing: FakeResource,
  wanted: Record<string, unknown>,
  caused: ReadonlyMap<string, string>,
): ResourceChange[] {
  const names = [...new Set([...Object.keys(existing.properties), ...Object.keys(wanted)])];
  const details = names.flatMap((name) => propertyDetail(existing, name, wanted[name], caused.get(name)));
  if (details.length === 0) return [];
  const levels = details.map((detail) => detail.requiresRecreation);
  const replacement = levels.includes('Always') ? 'True' : levels.includes('Conditionally') ? 'Conditional' : 'False';
  return [
    {
      action: 'Modify',
      logicalId,
      physicalId: existing.physicalId,
      resourceType: existing.type,
      replacement,
      scope: ['Properties'],
      details,
    },
  ];
}

function propertyDetail(
  existing: FakeResource,
  name: string,
  wanted: unknown,
  cause: string | undefined,
): ChangeDetail[] {
  const before = JSON.stringify(existing.properties[name]);
  const after = cause === undefined ? JSON.stringify(wanted) : '{{changeSet:KNOWN_AFTER_APPLY}}';
  if (before === after) return [];
  const key = `${existing.type}.${name}`;
  return [
    {
      attribute: 'Properties',
      name,
      requiresRecreation: replacing.has(key) ? 'Always' : conditional.has(key) ? 'Conditionally' : 'Never',
      evaluation: cause === undefined ? 'Static' : 'Dynamic',
      changeSource: cause === undefined ? 'DirectModification' : 'ResourceAttribute',
      ...(cause === undefined ? {} : { causingEntity: cause }),
      ...(before === undefined ? {} : { beforeValue: before }),
      ...(after === undefined ? {} : { afterValue: after }),
    },
  ];
}
