import type { Router } from 'express';
import { allOperations } from '../../contract/operations.ts';
import { openApiDocument } from '../openapi/document.ts';

/** The API's own description; it tells nothing that has to be kept from anybody. */
export function openApiRoute(router: Router): void {
  let text: string | undefined;
  router.get('/openapi.json', (_req, res) => {
    text ??= JSON.stringify(openApiDocument(allOperations));
    res.type('application/json').send(text);
  });
}
