// Preloaded into a genuine `custody up` by NODE_OPTIONS=--import: what the product ships has no place where a test could end it.
import { register } from "node:module";

register("./resolve.mjs", import.meta.url);
