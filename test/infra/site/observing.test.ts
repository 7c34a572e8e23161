import { describe, expect, test } from 'vitest';
import { idsOf, properties, resource, statementsOf, template } from './template.ts';

const data = template('data');
const web = template('web');

describe('alarms', () => {
  const both = [
    ['data', data, { Ref: 'AlarmTopic' }],
    ['web', web, { Ref: 'AlarmTopicArn' }],
  ] as const;

  test.each(both)('every alarm of %s tells the topic when it rings and when it is over', (_, of, topic) => {
    const alarms = idsOf(of, 'AWS::CloudWatch::Alarm').filter((id) => id !== 'UnhealthyHostBell');
    expect(alarms.length).toBeGreaterThan(4);
    for (const id of alarms) {
      expect(properties(of, id)).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
      expect(properties(of, id)['AlarmDescription']).toMatch(/^production: .+; .+$|^production: .+: .+$/);
    }
  });

  test('they watch database, file system, cache, requests, latency, errors, hosts and CPU', () => {
    const metrics = [data, web].flatMap((of) =>
      idsOf(of, 'AWS::CloudWatch::Alarm').map((id) => properties(of, id)['MetricName']),
    );
    expect([...new Set(metrics)].sort()).toEqual([
      'CPUUtilization',
      'DatabaseConnections',
      'DatabaseMemoryUsagePercentage',
      'FreeStorageSpace',
      'FreeableMemory',
      'HTTPCode_ELB_5XX_Count',
      'HTTPCode_Target_5XX_Count',
      'HealthyHostCount',
      'PercentIOLimit',
      'TargetResponseTime',
      'UnHealthyHostCount',
    ]);
  });

  test('connections are watched against what the class of the database takes', () => {
    expect(properties(data, 'DatabaseConnectionsAlarm')).toMatchObject({
      MetricName: 'DatabaseConnections',
      Threshold: 545,
    });
    expect(properties(template('data', {}, 'small'), 'DatabaseConnectionsAlarm')).toMatchObject({ Threshold: 68 });
  });

  test('a site without any healthy host alarms, and silence (no node is registered) neither rings nor ends it', () => {
    expect(properties(web, 'NoHealthyHostAlarm')).toMatchObject({
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      TreatMissingData: 'ignore',
    });
  });

  test('a node that stops answering rings within a minute of being found unhealthy, for the controller and no person', () => {
    const bell = properties(web, 'UnhealthyHostBell');
    expect(bell).toMatchObject({
      MetricName: 'UnHealthyHostCount',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      TreatMissingData: 'notBreaching',
      Dimensions: properties(web, 'UnhealthyHostAlarm')['Dimensions'],
    });
    for (const actions of ['AlarmActions', 'OKActions', 'InsufficientDataActions'])
      expect(bell).not.toHaveProperty(actions);
    // Found unhealthy: checks in a row that fail, each an interval after the last.
    const { HealthCheckIntervalSeconds, UnhealthyThresholdCount } = properties(web, 'TargetGroup');
    expect(Number(HealthCheckIntervalSeconds) * Number(UnhealthyThresholdCount)).toBeLessThanOrEqual(60);
  });

  test('each cache node has its alarm', () => {
    expect(properties(data, 'CacheMemoryAlarm2')['Dimensions']).toEqual([
      { Name: 'CacheClusterId', Value: { 'Fn::Join': ['', [{ Ref: 'Cache' }, '-002']] } },
    ]);
    expect(idsOf(template('data', {}, 'small'), 'AWS::CloudWatch::Alarm')).toContain('FileSystemBurstAlarm');
  });
});

describe('the topic of alarms', () => {
  test('has a key that lets CloudWatch and EventBridge of this account publish', () => {
    expect(properties(data, 'AlarmTopic')['KmsMasterKeyId']).toEqual({ Ref: 'AlarmTopicKey' });
    expect(properties(data, 'AlarmTopicKey')['EnableKeyRotation']).toBe(true);
    expect(statementsOf(properties(data, 'AlarmTopicKey')['KeyPolicy'])[1]).toMatchObject({
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });

  test('writes to the address of the document, if it has one', () => {
    expect(properties(data, 'AlarmEmail')).toMatchObject({ Protocol: 'email', Endpoint: 'operations@example.com' });
    const silent = template('data', { 'monitoring.alarmEmail': undefined });
    expect(idsOf(silent, 'AWS::SNS::Subscription')).toEqual([]);
  });

  test('takes nothing without TLS', () => {
    expect(statementsOf(properties(data, 'AlarmTopicPolicy')['PolicyDocument'])[1]).toMatchObject({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });
});

test('log groups of the nodes are kept with the retention of the document, and have no name of their own', () => {
  const own = template('web', { 'monitoring.logDays': 90 });
  for (const id of ['SystemLogGroup', 'WebLogGroup', 'NextcloudLogGroup']) {
    expect(resource(own, id)).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 90 },
    });
    expect(properties(own, id)).not.toHaveProperty('LogGroupName');
  }
});

/** Text of an Fn::Join, with its references in angle brackets. */
function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, Ref, 'Fn::GetAtt': getAtt } = value as Record<string, unknown>;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(joined).join(String(join[0]));
  return `<${Ref ?? String(getAtt)}>`;
}

test('the agent of a node writes to the log groups and the namespace that its role allows', () => {
  const agent = JSON.parse(joined(properties(web, 'AgentParameter')['Value']));
  expect(agent.metrics.namespace).toBe('NextcloudGitops/Node');
  const groups = agent.logs.logs_collected.files.collect_list.map(
    (file: { log_group_name: string }) => file.log_group_name,
  );
  expect([...new Set(groups)]).toEqual(['<SystemLogGroup>', '<WebLogGroup>', '<NextcloudLogGroup>']);
});

test('the node finds its configuration in one parameter, with secrets by ARN only', () => {
  expect(properties(web, 'NodeParameter')['Name']).toBe('/nextcloud-gitops/sites/production/node');
  expect(JSON.parse(joined(properties(web, 'NodeParameter')['Value']))).toEqual({
    site: 'production',
    host: 'cloud.example.com',
    trustedProxies: ['10.20.0.0/20', '10.20.16.0/20', '10.20.32.0/20'],
    database: {
      host: '<DatabaseAddress>',
      port: '<DatabasePort>',
      name: 'nextcloud',
      secretArn: '<DatabaseApplicationSecretArn>',
    },
    cache: { host: '<CacheAddress>', port: '<CachePort>', secretArn: '<CacheSecretArn>' },
    fileSystem: { id: '<FileSystemId>', accessPointId: '<AccessPointId>' },
    installationSecretArn: '<InstallationSecretArn>',
    bucket: { name: '<SiteBucketName>', prefix: 'nodes/' },
    nextcloud: {
      version: '35.0.1',
      apps: ['calendar', 'contacts', 'tasks'],
      config: {
        default_phone_region: 'FR',
        default_timezone: 'Europe/Paris',
        trashbin_retention_obligation: 'auto, 30',
      },
      cronProcesses: 1,
    },
  });
});

test('the dashboard shows requests, latency, errors, hosts, CPU, connections, file system and cache', () => {
  const body = JSON.parse(joined(properties(web, 'Dashboard')['DashboardBody']));
  const metrics = body.widgets.flatMap((widget: { properties: { metrics: string[][] } }) =>
    widget.properties.metrics.map(([namespace, metric]) => `${namespace} ${metric}`),
  );
  expect(metrics).toEqual([
    'AWS/ApplicationELB RequestCount',
    'AWS/ApplicationELB TargetResponseTime',
    'AWS/ApplicationELB HTTPCode_Target_5XX_Count',
    'AWS/ApplicationELB HTTPCode_ELB_5XX_Count',
    'AWS/ApplicationELB HealthyHostCount',
    'AWS/ApplicationELB UnHealthyHostCount',
    'AWS/EC2 CPUUtilization',
    'AWS/RDS DatabaseConnections',
    'AWS/RDS CPUUtilization',
    'AWS/RDS FreeStorageSpace',
    'AWS/EFS PercentIOLimit',
    'AWS/EFS DataReadIOBytes',
    'AWS/EFS DataWriteIOBytes',
    'AWS/ElastiCache DatabaseMemoryUsagePercentage',
    'AWS/ElastiCache CurrConnections',
  ]);
});
