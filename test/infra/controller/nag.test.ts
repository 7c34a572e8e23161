import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { controllerApp } from './template.ts';

const acknowledged = 'aws:cdk:acknowledged-rules';

function findings(): string[] {
  return new AwsSolutionsChecks()
    .validateScope(controllerApp().app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(
        ({ constructPath, resourceLogicalId }) => `${constructPath ?? resourceLogicalId} ${ruleName}`,
      ),
    );
}

test('cdk-nag AwsSolutions has no finding without an acknowledgement', () => {
  expect(findings()).toEqual([]);
});

test('every acknowledgement says why in a sentence', () => {
  const reasons = controllerApp()
    .app.node.findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === acknowledged))
    .flatMap(({ data }) => Object.values(data as Record<string, string>));
  expect(reasons.length).toBeGreaterThan(20);
  for (const reason of reasons) expect(reason).toMatch(/^\p{Lu}.{10,}/u);
});
