import type { Resource } from "@opentelemetry/resources";
import { otel } from "./otel.ts";
import type { Settings } from "./settings.ts";
import { version } from "./version.ts";

/** The resource all spans of this process share, with what `OTEL_RESOURCE_ATTRIBUTES` adds or replaces. */
export function resourceOf(settings: Settings): Resource {
  const { defaultResource, detectResources, envDetector, resourceFromAttributes } =
    otel.resources();
  const { name, version: agentVersion } = settings.agent;
  const described = resourceFromAttributes({
    "service.name": name,
    "service.instance.id": `${settings.srcId}:${process.pid}`,
    "process.pid": process.pid,
    "telemetry.distro.name": "custody",
    "telemetry.distro.version": version,
    ...(agentVersion === undefined ? {} : { "service.version": agentVersion }),
  });
  // No process or host detector: a command line may carry a prompt or a key.
  const fromEnv = detectResources({ detectors: [envDetector] });
  return defaultResource().merge(described).merge(fromEnv);
}
