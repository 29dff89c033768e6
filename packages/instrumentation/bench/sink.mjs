// Takes OTLP requests and forgets them; prints its port.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.end("{}"));
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
