import { changesContract } from "../changes.test-suite.ts";
import { storeContract } from "../contract.test-suite.ts";
import { findingsContract } from "../findings.test-suite.ts";
import { placedContract } from "../placed.test-suite.ts";
import { postureContract } from "../posture.test-suite.ts";
import { openStore } from "../store.ts";

storeContract("the embedded store", (dir) => openStore({ kind: "embedded", dir }));
placedContract("the embedded store", (dir) => openStore({ kind: "embedded", dir }));
changesContract("the embedded store", (dir) => openStore({ kind: "embedded", dir }));
findingsContract("the embedded store", (dir) => openStore({ kind: "embedded", dir }));
postureContract("the embedded store", (dir) => openStore({ kind: "embedded", dir }));
