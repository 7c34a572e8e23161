/** A good document of a site; changed at its top level by `changes`. */
export function documentOf(name: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    schemaVersion: 1,
    name,
    region: 'eu-west-3',
    network: { cidr: '10.20.0.0/16', availabilityZones: ['eu-west-3a', 'eu-west-3b', 'eu-west-3c'] },
    compute: { image: '/nextcloud-gitops/images/nextcloud-35-arm64' },
    scaling: { min: 2, max: 6, targetCpuPercent: 50 },
    access: { bastion: { enabled: true, allowedCidrs: ['203.0.113.0/24'] } },
    dns: { host: 'cloud.example.com', hostedZone: 'create', certificate: 'automatic' },
    nextcloud: { version: '35.0.1' },
    ...changes,
  };
}
