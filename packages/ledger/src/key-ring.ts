import { join } from "node:path";
import type { Clock, KeyRing, NewKey, Principal, Random } from "@custody/model";
import { makeFolder } from "./durable-file.ts";
import { LedgerError } from "./errors.ts";
import { keyFileVersion, readKeyFile, type StoredKey, writeKeyFile } from "./key-file.ts";
import { keyHash, newKeyText } from "./key-text.ts";
import { assertTenant } from "./layout.ts";

/** A key as it is listed: its text is gone. */
export type KeyEntry = Omit<StoredKey, "hash">;

export interface CreatedKey {
  readonly entry: KeyEntry;
  /** Shown once. */
  readonly key: string;
}

/** The keys of a data folder. Only hashes of keys are stored. */
export interface FileKeyRing extends KeyRing {
  create(key: NewKey, options?: { readonly breakGlassUntil?: string }): Promise<CreatedKey>;
  list(tenant?: string): readonly KeyEntry[];
  /** False where there is no such key, or it was revoked before. Takes effect before it resolves. */
  revoke(id: string): Promise<boolean>;
  /** Opens content to an admin key until a time; the caller records it first (contract 3). */
  grantBreakGlass(id: string, until: string): Promise<boolean>;
  /** Reads the file again where another process changed it: call it from time to time. */
  refresh(): Promise<void>;
}

const subjectMax = 256;

export async function createFileKeyRing(
  dir: string,
  ports: { readonly random: Random; readonly clock: Clock },
): Promise<FileKeyRing> {
  await makeFolder(dir);
  const path = join(dir, "keys.json");
  let version = await keyFileVersion(path);
  let keys: readonly StoredKey[] = await readKeyFile(path);
  let byHash = indexOf(keys);
  let turn: Promise<unknown> = Promise.resolve();

  const refresh = async (): Promise<void> => {
    const now = await keyFileVersion(path);
    if (now === version) return;
    keys = await readKeyFile(path);
    byHash = indexOf(keys);
    version = now;
  };

  /** One change after another, each from what the file holds then. */
  const change = <T>(
    edit: () => { readonly next: readonly StoredKey[]; readonly result: T },
  ): Promise<T> => {
    const done = turn.then(async () => {
      await refresh();
      const { next, result } = edit();
      if (next === keys) return result;
      await writeKeyFile(path, next);
      keys = next;
      byHash = indexOf(keys);
      version = await keyFileVersion(path);
      return result;
    });
    turn = done.catch(() => undefined);
    return done;
  };

  const amend = (id: string, members: Partial<StoredKey>): Promise<boolean> =>
    change(() => {
      const found = keys.find((key) => key.id === id && key.revoked === undefined);
      if (found === undefined) return { next: keys, result: false };
      return {
        next: keys.map((key) => (key === found ? { ...key, ...members } : key)),
        result: true,
      };
    });

  return {
    // The lookup compares hashes, so its time tells nothing about a key's text.
    find: (bearer) => principalOf(byHash.get(keyHash(bearer))),
    async create(fresh, options = {}) {
      assertNewKey(fresh);
      const key = newKeyText(fresh.kind, ports.random);
      const hash = keyHash(key);
      const id = `key_${hash.slice(0, 12)}`;
      const stored: StoredKey = { id, hash, ...fresh, created: ports.clock.now(), ...options };
      return change(() => ({ next: [...keys, stored], result: { entry: entryOf(stored), key } }));
    },
    list: (tenant) =>
      keys.filter((key) => tenant === undefined || key.tenant === tenant).map(entryOf),
    revoke: (id) => amend(id, { revoked: ports.clock.now() }),
    grantBreakGlass: (id, until) => amend(id, { breakGlassUntil: until }),
    refresh,
  };
}

/** Two keys of one subject are one person (contract 3, two-person rule). */
export function isSamePerson(a: Principal, b: Principal): boolean {
  return a.tenant === b.tenant && a.auth.subject === b.auth.subject;
}

function indexOf(keys: readonly StoredKey[]): ReadonlyMap<string, StoredKey> {
  return new Map(keys.map((key) => [key.hash, key]));
}

function principalOf(key: StoredKey | undefined): Principal | undefined {
  if (key === undefined || key.revoked !== undefined) return undefined;
  const { tenant, kind, subject, id, observes, breakGlassUntil } = key;
  return {
    tenant,
    auth: { method: "bearer", kind, subject },
    key: id,
    ...(observes === undefined ? {} : { observes }),
    ...(breakGlassUntil === undefined ? {} : { breakGlassUntil }),
  };
}

function entryOf({ hash: _, ...entry }: StoredKey): KeyEntry {
  return entry;
}

function assertNewKey({ tenant, subject, kind, observes }: NewKey): void {
  assertTenant(tenant);
  const named = subject.length > 0 && subject.length <= subjectMax && !/\p{Cc}/u.test(subject);
  if (!named) throw new LedgerError("KEY_SUBJECT", "a key's subject is a short name");
  if ((kind === "observer") !== (observes !== undefined)) {
    throw new LedgerError("KEY_SUBJECT", "an observer's key, and no other, names what it observes");
  }
}
