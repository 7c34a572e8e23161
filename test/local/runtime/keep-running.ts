// Starts a local AWS, says where, and keeps it until a signal comes: the parent of a test that ends it.
import { startLocalAws } from '../../../local/local-aws.ts';

const aws = await startLocalAws();
const port = Number(new URL(aws.endpoint).port);
console.log(JSON.stringify({ port, stateDir: aws.stateDir, pid: aws.pid }));
setInterval(() => {}, 60_000);
