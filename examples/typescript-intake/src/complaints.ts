/** The bank's complaints by their public interface: one plain JSON object per message. Knows Temporal, and no HTTP. */

import { createHash } from "node:crypto";
import {
  ApplicationFailure,
  Client,
  Connection,
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type WorkflowHandle,
} from "@temporalio/client";
import { loadClientConnectConfig } from "@temporalio/envconfig";
import type { Complaint } from "./generated/complaint.schema.js";
import type { CustomerContactedUs } from "./generated/customer_contacted_us.schema.js";
import type { ClockView } from "./generated/deadlines.schema.js";
import type { Receipt } from "./generated/receipt.schema.js";
import type { Withdraw } from "./generated/withdraw.schema.js";

export type { ClockView, Complaint, CustomerContactedUs, Receipt, Withdraw };

/** How long one request may take, in milliseconds; a complaint answers within one second when a worker is there. */
const PATIENCE = 5_000;
/** Memo by which this form recognises what it sent before. Choose a name of your own: memos are shared. */
const SENT = "web-form";

/** A decision that the complaint does not accept: a stable code, and the reason as a sentence for people. */
export class Refused extends Error {
  constructor(readonly code: string, sentence: string) {
    super(sentence);
  }
}
export class NoSuchComplaint extends Error {}
/** Temporal or the worker is away. Nothing is known to have happened; the same request again is safe. */
export class Away extends Error {}

/** A client for the server that TEMPORAL_ADDRESS and its kin, or a profile, name. Connects when first used. */
export function connect(): Client {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = Connection.lazy(connectionOptions);
  return new Client(namespace ? { connection, namespace } : { connection });
}

/** Open a complaint. The same reference again is the same complaint, also after it was closed. */
export async function open(client: Client, complaint: Complaint): Promise<"opened" | "open already" | "another"> {
  const sent = digest(complaint);
  return plainly(client, async () => {
    try {
      await client.workflow.start("ComplaintWorkflow", {
        taskQueue: "complaints",
        workflowId: workflowId(complaint.reference),
        workflowIdReusePolicy: "REJECT_DUPLICATE",
        workflowIdConflictPolicy: "FAIL",
        staticSummary: `Complaint ${complaint.reference}`,
        memo: { [SENT]: sent },
        args: [complaint],
      });
      return "opened";
    } catch (failed) {
      if (!(failed instanceof WorkflowExecutionAlreadyStartedError)) throw failed;
      const { memo } = await handle(client, complaint.reference).describe();
      return memo?.[SENT] === sent ? "open already" : "another";
    }
  });
}

/** A fact: kept in any case, and answered by nothing. */
export async function customerContactedUs(client: Client, reference: string, fact: CustomerContactedUs): Promise<void> {
  await plainly(client, () => handle(client, reference).signal("customer_contacted_us", fact));
}

/** A decision: answered with a receipt, or refused. */
export async function withdraw(client: Client, reference: string, decision: Withdraw): Promise<Receipt> {
  return plainly(client, () =>
    handle(client, reference).executeUpdate<Receipt, [Withdraw]>("withdraw", { args: [decision] }),
  );
}

/** Every clock of a complaint. */
export async function deadlines(client: Client, reference: string): Promise<ClockView[]> {
  return plainly(client, () => handle(client, reference).query<ClockView[]>("deadlines"));
}

function workflowId(reference: string): string {
  return `complaint-${reference}`;
}

function handle(client: Client, reference: string): WorkflowHandle {
  return client.workflow.getHandle(workflowId(reference));
}

/** Tells a form that was sent twice from another complaint of the same reference; the time of receipt may differ. */
function digest({ received_at: _, ...content }: Complaint): string {
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Turn what the SDK throws into one of the three things above. */
async function plainly<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + PATIENCE, ask);
  } catch (failed) {
    if (failed instanceof WorkflowUpdateFailedError && failed.cause instanceof ApplicationFailure)
      throw new Refused(failed.cause.type ?? "refused", failed.cause.message);
    if (failed instanceof WorkflowNotFoundError) throw new NoSuchComplaint("There is no open complaint of this reference.");
    if (failed instanceof WorkflowUpdateRPCTimeoutOrCancelledError || failed instanceof ServiceError || isGrpcServiceError(failed))
      throw new Away("The complaint system is away; send the same request again.");
    throw failed;
  }
}
