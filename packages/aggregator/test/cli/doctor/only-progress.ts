/** Standard error of a command that went well: nothing, or on a busy machine that it takes its time. */
export const ONLY_PROGRESS = /^(?:looking \.\.\.\n)?$/;
