import { describe, expect, test } from 'vitest';
import { controllerTemplate, grantsOf, list, ofType, plain, resource, statements } from './template.ts';

const variables = (name: string) =>
  plain(resource(`${name}Function`, 'AWS::Lambda::Function').Properties['Environment']) as {
    Variables: Record<string, string>;
  };

describe('functions', () => {
  test.each(['Render', 'Reconcile', 'Notify'])(
    '%s runs on Node 24 and arm64, with a log group that forgets',
    (name) => {
      const { Properties } = resource(`${name}Function`, 'AWS::Lambda::Function');
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(plain(Properties['LoggingConfig'])).toEqual({ LogGroup: expect.stringMatching(`^<${name}Log`) });
      expect(resource(`${name}Log`, 'AWS::Logs::LogGroup').Properties['RetentionInDays']).toBe(30);
    },
  );

  test('render and reconcile agree on the version of the renderer', () => {
    const { Variables } = variables('Render');
    expect(Variables['RENDERER_VERSION']).toMatch(/^[0-9a-f]{16}$/);
    expect(variables('Reconcile').Variables['RENDERER_VERSION']).toBe(Variables['RENDERER_VERSION']);
  });

  test('each has the variables that it reads', () => {
    expect(Object.keys(variables('Render').Variables).sort()).toEqual(['BUCKET_NAME', 'RENDERER_VERSION']);
    expect(Object.keys(variables('Reconcile').Variables).sort()).toEqual([
      'BUCKET_NAME',
      'EXECUTION_ROLE_ARN',
      'POWERTOOLS_METRICS_NAMESPACE',
      'POWERTOOLS_SERVICE_NAME',
      'RECONCILE_QUEUE_URL',
      'RENDERER_VERSION',
      'RENDER_FUNCTION_NAME',
      'TABLE_NAME',
    ]);
    expect(Object.keys(variables('Notify').Variables)).toEqual(
      expect.arrayContaining(['BUCKET_NAME', 'TABLE_NAME', 'TOPIC_ARN']),
    );
  });

  test('only reconcile may ring itself', () => {
    const loops = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.slice(0, -8),
      Properties['RecursiveLoop'],
    ]);
    expect(Object.fromEntries(loops)).toEqual({
      RenderFunction: undefined,
      ReconcileFunction: 'Allow',
      NotifyFunction: undefined,
    });
  });

  test('reconcile hears its bell in batches whose messages fail one by one', () => {
    expect(plain(resource('ReconcileBell', 'AWS::Lambda::EventSourceMapping').Properties)).toMatchObject({
      EventSourceArn: expect.stringMatching(/^<ReconcileBell/),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 5 },
    });
  });

  test('notify hears of status items only, and a poison one leaves the shard', () => {
    const { Properties } = resource('NotifyStatuses', 'AWS::Lambda::EventSourceMapping');
    expect(plain(Properties)).toMatchObject({
      EventSourceArn: expect.stringMatching(/^<StorageTable.*StreamArn>$/),
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 5,
      DestinationConfig: { OnFailure: { Destination: expect.stringMatching(/^<NotifyFailures/) } },
    });
    const { Filters } = Properties['FilterCriteria'] as { Filters: { Pattern: string }[] };
    expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
      { dynamodb: { Keys: { sk: { S: [{ prefix: 'status#' }] } } } },
    ]);
  });
});

describe('what each function may do', () => {
  test.each(['Render', 'Reconcile', 'Notify', 'ReconcileTriggersScheduler'])('%s', (name) => {
    expect(grantsOf(`${name}Role`)).toMatchSnapshot();
  });

  test('reconcile makes change sets of rendered templates with the execution role only', () => {
    const found = statements().filter(({ statement }) =>
      list(statement.Action).includes('cloudformation:CreateChangeSet'),
    );
    expect(found).toHaveLength(1);
    expect(found[0]?.statement.Condition).toEqual({
      ArnEquals: { 'cloudformation:RoleArn': expect.stringMatching(/^<ExecutionRole.*Arn>$/) },
      StringLike: {
        'cloudformation:TemplateUrl': expect.stringMatching(
          /^https:\/\/s3\.eu-west-3\.amazonaws\.com\/<StorageBucket[0-9A-F]+>\/rendered\/\*$/,
        ),
      },
    });
  });

  test('reconcile passes one role, to CloudFormation', () => {
    const passes = statements().filter(
      ({ id, statement }) => id.startsWith('ReconcileRole') && list(statement.Action).includes('iam:PassRole'),
    );
    expect(passes.map(({ statement }) => statement)).toEqual([
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: expect.stringMatching(/^<ExecutionRole.*Arn>$/),
        Condition: { StringEquals: { 'iam:PassedToService': 'cloudformation.amazonaws.com' } },
      },
    ]);
  });

  test('no function may delete a stack or anything that holds data', () => {
    const deleting = statements().filter(
      ({ id, statement }) =>
        !id.startsWith('ExecutionRole') &&
        list(statement.Action).some((action) => /:(Delete|Terminate|Remove)/.test(action)),
    );
    const actions = deleting.flatMap(({ statement }) =>
      list(statement.Action).filter((action) => action.includes(':Delete')),
    );
    expect(actions.sort()).toEqual(['cloudformation:DeleteChangeSet', 'sqs:DeleteMessage']);
  });
});

test('there is no wildcard action anywhere', () => {
  const wild = statements().flatMap(({ statement }) => list(statement.Action).filter((action) => action.includes('*')));
  expect(wild).toEqual([]);
});

test('there is no custom resource, and no function but ours', () => {
  const types = Object.values(controllerTemplate().Resources).map(({ Type }) => Type);
  expect(types.filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource')).toEqual(
    [],
  );
  expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(3);
});

test('no role has a managed policy of AWS', () => {
  for (const [id, { Properties }] of ofType('AWS::IAM::Role')) {
    for (const arn of list(plain(Properties['ManagedPolicyArns'] ?? []))) expect(arn, id).toMatch(/^<ExecutionRole|^$/);
  }
});
