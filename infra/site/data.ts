import type { App } from 'aws-cdk-lib/core';
import type { Site } from '../../desired-state/site.ts';
import { addAlarmTopic } from './alarm-topic.ts';
import { addBackups } from './backup.ts';
import { addCache } from './cache.ts';
import { addDataAlarms } from './data-alarms.ts';
import { addDatabase } from './database.ts';
import { addFileSystem } from './file-system.ts';
import { LayerStack } from './layer-stack.ts';
import { privateSubnetsFor } from './network-inputs.ts';
import { addPrivateBucket } from './private-bucket.ts';
import { addEmptySecret } from './secrets.ts';

/** What the data layer takes from the network layer. */
export interface DataInputs {
  readonly privateSubnets: readonly string[];
  readonly databaseSecurityGroup: string;
  readonly fileSystemSecurityGroup: string;
  readonly cacheSecurityGroup: string;
}

/** The data layer: database, file system, cache, the site's bucket, backups, and the topic of the site's alarms. */
export function dataLayer(app: App, site: Site): LayerStack {
  const stack = new LayerStack(app, site, 'data', `Data of the Nextcloud site ${site.name}`);
  const group = (name: string) => stack.fromOutput('network', name, 'Id of a security group');
  const inputs: DataInputs = {
    privateSubnets: privateSubnetsFor(stack),
    databaseSecurityGroup: group('DatabaseSecurityGroupId'),
    fileSystemSecurityGroup: group('FileSystemSecurityGroupId'),
    cacheSecurityGroup: group('CacheSecurityGroupId'),
  };
  const database = addDatabase(stack, inputs);
  const fileSystem = addFileSystem(stack, inputs);
  const cache = addCache(stack, inputs);
  addSiteBucket(stack);
  addBackups(stack, database, fileSystem);
  const topic = addAlarmTopic(stack);
  addDataAlarms(stack, topic.ref, { database, fileSystem, cache });
  // instanceid, passwordsalt and secret of the installation: losing one corrupts data.
  const installation = addEmptySecret(stack, 'InstallationSecret', `Installation of the Nextcloud site ${site.name}`);
  stack.output('InstallationSecretArn', installation.ref, "Secret of Nextcloud's installation");
  return stack;
}

function addSiteBucket(stack: LayerStack): void {
  const { bucket } = addPrivateBucket(stack, {
    id: 'SiteBucket',
    part: 'bucket',
    versioned: true,
    lifecycleRules: [
      { id: 'unfinished-uploads', status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } },
      { id: 'old-versions', status: 'Enabled', noncurrentVersionExpiration: { noncurrentDays: 90 } },
    ],
  });
  stack.output('SiteBucketName', bucket.ref, "Name of the site's bucket");
}
