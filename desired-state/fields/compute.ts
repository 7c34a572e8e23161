import * as v from 'valibot';
import { defaulted, matching, required, section, whole } from './field.ts';

/** The form of an EC2 instance type; whether it exists in the region is known to EC2 only. */
export const instanceType = matching(
  /^[a-z][a-z0-9-]{1,15}\.[a-z0-9-]{1,15}$/,
  'must be the name of an EC2 instance type, such as m7g.large',
);

/** What a node is. */
export const compute = section(
  {
    image: required(
      matching(
        /^(ami-[0-9a-f]{8}([0-9a-f]{9})?|\/(nextcloud-gitops\/images|aws\/service)\/[\w./-]{1,900})$/,
        'must be an AMI id, or the name of an SSM parameter below /nextcloud-gitops/images/ or /aws/service/: the controller may read no other',
      ),
      'The image of the nodes: an AMI id (ami-0123456789abcdef0), or the name of an SSM parameter that holds one, below /nextcloud-gitops/images/ or /aws/service/, for the controller may read no other (/nextcloud-gitops/images/nextcloud-35-arm64); a new value of the parameter rolls out like a commit.',
      'rolling',
    ),
    architecture: defaulted(
      v.picklist(['arm64', 'x86_64']),
      'arm64',
      'The architecture of the image; instanceType must have the same.',
      'rolling',
    ),
    instanceType: defaulted(
      instanceType,
      'm7g.large',
      'The EC2 instance type of the nodes. Plan about 100 MB of memory for each PHP-FPM child.',
      'rolling',
    ),
    rootVolumeGib: defaulted(
      whole(8, 1000, 'GiB'),
      40,
      'Size in GiB of the root volume of a node, which holds the system, logs and uploads while they arrive; it may shrink, for nothing on it outlives the node.',
      'rolling',
    ),
    phpFpmChildren: defaulted(
      whole(1, 1000, 'children'),
      50,
      'PHP-FPM children of a node, a fixed number: requests that it serves at once. Each may hold one database connection: scaling.max x (phpFpmChildren + nextcloud.cron.processes) + 50 must stay within 80 % of what the database class accepts.',
      'rolling',
    ),
  },
  'The nodes: instances that hold nothing of their own.',
);

/** How many nodes there are. */
export const scaling = section(
  {
    min: required(
      whole(1, 100, 'nodes'),
      'The least number of nodes; at least 2 while database.multiAz is on.',
      'live',
    ),
    max: required(
      whole(1, 100, 'nodes'),
      'The greatest number of nodes, bounded by the connections of the database.',
      'live',
    ),
    targetCpuPercent: defaulted(
      whole(10, 90, '% of CPU'),
      50,
      'The mean CPU use of the nodes, in percent, that target tracking aims at: below it nodes are taken away, above it they are added.',
      'live',
    ),
  },
  'How many nodes there are: the Auto Scaling group decides between min and max.',
);
