import { realpathSync } from "node:fs";
import { type ActionLog, createActionLog } from "./action-log.ts";
import { createClock } from "./clock.ts";
import { onExit } from "./exit.ts";
import { createGuard, type Guard } from "./guard.ts";
import { createNotices, type Notices } from "./notice.ts";
import { createRecorder, type Recorder } from "./recorder.ts";
import { createSessionLog, type SessionLog } from "./session-log.ts";
import { readSettings, type Settings } from "./settings.ts";
import { createTracing, type Tracing } from "./tracing.ts";
import { createTraffic, type Traffic } from "./traffic.ts";

/** The parts that make spans. Made with the first span and not before: it loads the OpenTelemetry SDK. */
export interface Pipeline {
  readonly tracing: Tracing;
  readonly recorder: Recorder;
  readonly sessions: SessionLog;
  readonly actions: ActionLog;
  readonly traffic: Traffic;
}

/** One per process: the settings, and the pipeline once it is needed. */
export interface Runtime {
  readonly settings: Settings;
  readonly notices: Notices;
  readonly guard: Guard;
  readonly mainFile: string | undefined;
  pipeline(): Pipeline;
}

function createRuntime(settings: Settings, mainFile: string | undefined): Runtime {
  const notices = createNotices(settings.debug);
  const guard = createGuard(notices);
  let made: Pipeline | undefined;
  return {
    settings,
    notices,
    guard,
    mainFile,
    pipeline() {
      made ??= createPipeline(settings, notices, guard);
      return made;
    },
  };
}

function createPipeline(settings: Settings, notices: Notices, guard: Guard): Pipeline {
  const tracing = createTracing(settings, notices);
  const recorder = createRecorder(tracing, settings, createClock());
  const sessions = createSessionLog(recorder, tracing, settings);
  const actions = createActionLog(recorder, settings);
  const traffic = createTraffic({ recorder, sessions, actions }, settings);
  const close = (reason: string) => guard(() => sessions.closeAll(reason));
  const { flush } = tracing;
  onExit({
    finish: (reason) => {
      close(reason);
      guard(() => tracing.finish());
    },
    settle:
      flush === undefined
        ? undefined
        : async () => {
            close("exit");
            await flush();
          },
    timeoutMs: settings.flushTimeoutMs,
  });
  return { tracing, recorder, sessions, actions, traffic };
}

/** The runtime of this process, read from its environment once. */
export const runtime: Runtime = (() => {
  const mainFile = mainFileOf(process.argv[1]);
  return createRuntime(readSettings(process.env, mainFile), mainFile);
})();

/** The agent's main file, through the links that `node_modules/.bin` and workspaces make. */
function mainFileOf(argument: string | undefined): string | undefined {
  if (argument === undefined) return undefined;
  try {
    return realpathSync(argument);
  } catch {
    return argument;
  }
}
