import {
  ColumnNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  InsertQueryNode,
  type QueryResult,
  type RootOperationNode,
  type TransactionSettings,
} from 'kysely';

/** A stored thing that was created, changed or deleted. */
export interface CommittedChange {
  readonly entity: string;
  readonly id?: string;
  readonly action: string;
}

/**
 * A dialect that tells what went into the audit log once that is committed. It stands below the
 * transactions, so that nobody who changes something has to think of telling it.
 */
export function tellingChanges(
  dialect: Dialect,
  tell: (changes: readonly CommittedChange[]) => void,
): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: db => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver: () => new TellingDriver(dialect.createDriver(), tell),
  };
}

class TellingDriver implements Driver {
  readonly #driver: Driver;
  readonly #tell: (changes: readonly CommittedChange[]) => void;

  constructor(driver: Driver, tell: (changes: readonly CommittedChange[]) => void) {
    this.#driver = driver;
    this.#tell = tell;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return new TellingConnection(await this.#driver.acquireConnection(), this.#tell);
  }

  async beginTransaction(connection: TellingConnection, settings: TransactionSettings) {
    await this.#driver.beginTransaction(connection.inner, settings);
    connection.pending = [];
  }

  async commitTransaction(connection: TellingConnection) {
    await this.#driver.commitTransaction(connection.inner);
    const { pending = [] } = connection;
    connection.pending = undefined;
    if (pending.length > 0) this.#tell(pending);
  }

  async rollbackTransaction(connection: TellingConnection) {
    connection.pending = undefined;
    await this.#driver.rollbackTransaction(connection.inner);
  }

  releaseConnection({ inner }: TellingConnection): Promise<void> {
    return this.#driver.releaseConnection(inner);
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

class TellingConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  /** What the transaction under way has changed; undefined outside of one. */
  pending: CommittedChange[] | undefined;
  readonly #tell: (changes: readonly CommittedChange[]) => void;

  constructor(inner: DatabaseConnection, tell: (changes: readonly CommittedChange[]) => void) {
    this.inner = inner;
    this.#tell = tell;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.inner.executeQuery<R>(query);
    const changes = auditedChanges(query.query, query.parameters);
    if (this.pending) this.pending.push(...changes);
    else if (changes.length > 0) this.#tell(changes);
    return result;
  }

  streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}

/** The rows that a query adds to the audit log; none for any other query. */
function auditedChanges(
  node: RootOperationNode,
  parameters: readonly unknown[],
): CommittedChange[] {
  if (!InsertQueryNode.is(node) || node.into?.table.identifier.name !== 'audit') return [];
  const columns = (node.columns ?? []).map(column =>
    ColumnNode.is(column) ? column.column.name : '',
  );
  const at = (name: string) => columns.indexOf(name);
  const rows = Array.from({ length: parameters.length / columns.length }, (_, index) =>
    parameters.slice(index * columns.length, (index + 1) * columns.length),
  );
  return rows.map(row => {
    const id = row[at('entity_id')];
    return {
      entity: String(row[at('entity')]),
      action: String(row[at('action')]),
      ...(typeof id === 'string' && { id }),
    };
  });
}
