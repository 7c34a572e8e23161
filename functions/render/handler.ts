import { S3Client } from '@aws-sdk/client-s3';
import { clientOptions } from '../../controller/aws/clients.ts';
import type { RenderAnswer } from '../../controller/aws/renders.ts';
import { render } from '../../infra/site/render.ts';
import { systemClock } from '../clock.ts';
import { readEnvironment } from '../environment.ts';
import { answerRender } from './render-document.ts';
import { parseRenderRequest } from './request.ts';

const environment = readEnvironment(process.env, ['AWS_REGION', 'BUCKET_NAME', 'RENDERER_VERSION']);
const context = {
  bucket: { client: new S3Client(clientOptions), bucketName: environment.BUCKET_NAME },
  region: environment.AWS_REGION,
  rendererVersion: environment.RENDERER_VERSION,
  render,
};

/** Called by reconcile: one version of a document to the templates of its layers. */
export const handler = (event: unknown): Promise<RenderAnswer> =>
  answerRender(parseRenderRequest(event), { ...context, now: systemClock.now() });
