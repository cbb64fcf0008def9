import { open } from 'node:fs/promises';

/** Names of files, new or renamed, survive a power cut only when their directory is on disk too. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
