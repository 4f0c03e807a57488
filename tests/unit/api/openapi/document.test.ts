import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { type OperationObject, openApiDocument } from '../../../../src/api/openapi/document.ts';
import { allOperations, operations } from '../../../../src/contract/operations.ts';
import { Permission } from '../../../../src/contract/permissions.ts';
import { OUTCOMES } from '../../../../src/domain/errors.ts';
import { fakeCore, startApi } from '../support.ts';

const document = openApiDocument(allOperations);
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

/** The schema of OpenAPI is compiled first, which takes a second of a quiet machine. */
const VALIDATION_TIMEOUT_MS = 60_000;

/** The codes a status comes with. */
function codesOf(operation: OperationObject, status: number): string[] {
  const response = operation.responses[status];
  return response && '$ref' in response ? (response.$ref.split('/').at(-1) ?? '').split('.') : [];
}

describe('the OpenAPI document', () => {
  it('is valid by the schema of OpenAPI 3.1, and every reference in it leads somewhere', {
    timeout: VALIDATION_TIMEOUT_MS,
  }, async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate({ ...structuredClone(document) });
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(validator.version).toBe('3.1');
    const { schemas, responses } = document.components;
    const places = [
      ...Object.keys(schemas).map(name => `#/components/schemas/${name}`),
      ...Object.keys(responses).map(name => `#/components/responses/${name}`),
    ];
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(30);
    for (const [, reference = ''] of references) expect(places).toContain(reference);
  });

  it('describes every operation once, under its own id', () => {
    const ids = described.map(({ operation }) => operation.operationId);
    expect(ids.toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted());
    for (const [name, { id }] of Object.entries(operations)) expect(id).toBe(name);
  });

  it('every operation says who may ask it, and with which codes it fails', () => {
    for (const { operation } of described) {
      const needs = operation['x-permission'];
      expect(['open', 'signed-in', ...Permission.options]).toContain(needs);
      if (needs !== 'open') expect(codesOf(operation, 401)).toContain('auth-required');
      if (needs.includes('.')) expect(operation.description).toContain(`\`${needs}\``);
      expect(operation.security).toHaveLength(needs === 'open' ? 0 : 2);
      expect(codesOf(operation, 500)).toContain('internal');
    }
    for (const { errors = [] } of allOperations)
      for (const code of errors) expect(Object.keys(OUTCOMES)).toContain(code);
  });

  it('every parameter of a path is described, and no other', () => {
    for (const { path, operation } of described) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const told = (operation.parameters ?? []).filter(one => one.in === 'path');
      expect(told.map(({ name }) => name)).toEqual(inPath);
      expect(told.every(({ required }) => required)).toBe(true);
    }
  });

  it('what has a default may be left out of a request and is in every answer', () => {
    const { SiteInput, SiteView } = document.components.schemas;
    expect(SiteInput?.required).toEqual(['name']);
    expect(SiteView?.required).toContain('endpoints');
  });

  it('creates take an idempotency key, and nothing else does', () => {
    const takers = described
      .filter(({ operation }) =>
        operation.parameters?.some(({ name }) => name === 'Idempotency-Key'),
      )
      .map(({ operation }) => operation.operationId);
    expect(takers).toEqual(expect.arrayContaining(['createSite', 'createConference']));
    expect(takers).not.toContain('updateSite');
    for (const { method } of described.filter(one => takers.includes(one.operation.operationId)))
      expect(method).toBe('post');
  });

  it('is served to everybody', async () => {
    const api = await startApi(fakeCore());
    const response = await fetch(`${api.url}/api/v1/openapi.json`);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(document)));
    await api.close();
  });
});
