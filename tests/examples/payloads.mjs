// Sends the value of an expression, as the SDK for TypeScript encodes it: start | signal | update, workflow id, arguments.
import { Client, Connection } from "@temporalio/client";
import { loadClientConnectConfig } from "@temporalio/envconfig";

const [what, workflowId, expression] = process.argv.slice(2);
const args = new Function(`return ${expression}`)();
const connection = await Connection.connect(loadClientConnectConfig().connectionOptions);
const { workflow } = new Client({ connection });
const handle = workflow.getHandle(workflowId);
const send = {
  start: () => workflow.start("ComplaintWorkflow", { taskQueue: "complaints", workflowId, args }),
  signal: () => handle.signal("customer_contacted_us", ...args),
  update: () => handle.executeUpdate("add_note", { args }),
};
await send[what]().catch((refused) => console.log(`${refused.cause?.type}: ${refused.cause?.message}`));
await connection.close();
