#!/usr/bin/env node
import { runCommand } from './command.ts';

// The only place that may end the process: everything else reports what went wrong.
process.exitCode = await runCommand(process.argv, process);
