/** CloudWatch namespace of what the functions measure. */
export const metricsNamespace = 'NextcloudGitops';

/** Counted by reconcile once for each resync that looked at every site. */
export const resyncCompletedMetric = 'ResyncCompleted';
