import type { AppProps } from 'aws-cdk-lib';

/** Keeps the machine that makes an assembly out of it: no traces, which hold its paths, and no tree. */
export const appOptions: AppProps = {
  stackTraces: false,
  treeMetadata: false,
  context: { 'aws:cdk:disable-creation-stack-traces': true },
};
