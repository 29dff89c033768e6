import type { AccessLog } from "../access.ts";
import type { ApiPorts } from "../ports.ts";
import type { Route } from "../route.ts";
import { actionRoutes } from "./actions.ts";
import { agentRoutes } from "./agents.ts";
import { driftRoutes } from "./drift.ts";
import { exportRoutes } from "./exports.ts";
import { fidelityRoutes } from "./fidelity.ts";
import { findingRoutes } from "./findings.ts";
import { investigateRoutes } from "./investigate.ts";
import { keyRoutes } from "./keys.ts";
import { logRoutes } from "./logs.ts";
import { policyRoutes } from "./policies.ts";
import { postureRoutes } from "./posture.ts";
import { recordRoutes } from "./records.ts";
import { ruleRoutes } from "./rules.ts";
import { sessionRoutes } from "./sessions.ts";
import { statusRoutes } from "./status.ts";
import { traceRoutes } from "./traces.ts";

/** Everything the API answers, in the order of the contract. */
export function routeTable(ports: ApiPorts, access: AccessLog): readonly Route[] {
  return [
    ...sessionRoutes(ports, access),
    ...fidelityRoutes(ports),
    ...agentRoutes(ports),
    ...traceRoutes(ports, access),
    ...actionRoutes(ports, access),
    ...recordRoutes(ports, access),
    ...investigateRoutes(ports, access),
    ...findingRoutes(ports, access),
    ...ruleRoutes(ports, access),
    ...policyRoutes(ports),
    ...driftRoutes(ports),
    ...postureRoutes(ports),
    ...logRoutes(ports),
    ...exportRoutes(ports, access),
    ...keyRoutes(ports, access),
    ...statusRoutes(ports, access),
  ];
}
