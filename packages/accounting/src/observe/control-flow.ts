// Exceptions that frameworks throw to steer, not because something failed.

/** LangGraph's handoffs and interrupts, and what others use the same way (design §3, point 8). */
const CONTROL_FLOW = new Set([
  'ParentCommand', 'Command', 'GraphBubbleUp', 'GraphInterrupt', 'NodeInterrupt', 'GraphDrained', 'Interrupt', 'StopAsyncIteration',
  'StopIteration', 'GeneratorExit', 'ModelRetry', 'CallDeferred', 'ApprovalRequired', 'HandoffException',
]); // prettier-ignore

/** `langgraph.errors.ParentCommand`, `ParentCommand` → true. */
export function isControlFlow(errorType: string): boolean {
  return CONTROL_FLOW.has(errorType.slice(errorType.lastIndexOf('.') + 1));
}
