/** The intake behind a bank's web form: POST /complaints opens one. Put the bank's own sign-on in front of it. */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as complaints from "./complaints.js";
import { reader, Unreadable } from "./messages.js";

const MOST = 1_000_000; // bytes; Temporal takes two million for a message

const complaint = reader<complaints.Complaint>("complaint");
const contact = reader<complaints.CustomerContactedUs>("customer_contacted_us");
const withdrawal = reader<complaints.Withdraw>("withdraw");
const client = complaints.connect();

type Answer = [status: number, body: object];

async function answer(request: IncomingMessage): Promise<Answer> {
  const [, first, reference = "", what] = (request.url ?? "").split("/");
  if (first !== "complaints") return [404, { error: "There is no such address." }];
  switch (`${request.method} ${what ?? (reference && "one")}`) {
    case "POST ":
      // When it was received is for the bank to say, and not for the browser.
      return open(complaint({ ...(await json(request)), received_at: new Date().toISOString() }));
    case "POST contacts":
      await complaints.customerContactedUs(client, reference, contact(await json(request)));
      return [202, {}];
    case "POST withdrawal":
      return [200, await complaints.withdraw(client, reference, withdrawal(await json(request)))];
    case "GET one":
      return [200, { reference, deadlines: (await complaints.deadlines(client, reference)).map(shown) }];
  }
  return [404, { error: "There is no such address." }];
}

async function open(received: complaints.Complaint): Promise<Answer> {
  const { reference } = received;
  const opened = await complaints.open(client, received);
  if (opened === "another") return [409, { error: `Another complaint has the reference ${reference}; choose a new one.` }];
  return [opened === "opened" ? 201 : 200, { reference, workflowId: `complaint-${reference}` }];
}

function shown({ subject, due_local, state }: complaints.ClockView): object {
  return { subject, due: due_local, state };
}

async function json(request: IncomingMessage): Promise<object> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size <= MOST) parts.push(part); // the rest is read, so that the answer is, too
  }
  if (size > MOST) throw new TooLarge();
  try {
    const message: unknown = JSON.parse(Buffer.concat(parts).toString("utf8"));
    if (typeof message === "object" && message !== null && !Array.isArray(message)) return message;
  } catch {}
  throw new Unreadable(["/ must be a JSON object"]);
}

class TooLarge extends Error {}

function failure(failed: unknown): Answer {
  if (failed instanceof Unreadable) return [422, { errors: failed.errors }];
  if (failed instanceof complaints.Refused) return [409, { code: failed.code, error: failed.message }];
  if (failed instanceof complaints.NoSuchComplaint) return [404, { error: failed.message }];
  if (failed instanceof complaints.Away) return [503, { error: failed.message }];
  if (failed instanceof TooLarge) return [413, { error: `A message has at most ${MOST} bytes.` }];
  console.error(failed);
  return [500, { error: "Something unexpected happened." }];
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = await answer(request).catch(failure);
  response.writeHead(status, { "content-type": "application/json", ...(status === 503 && { "retry-after": "5" }) });
  response.end(JSON.stringify(body));
}

const server = createServer(serve).listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => server.close(() => client.connection.close()));
