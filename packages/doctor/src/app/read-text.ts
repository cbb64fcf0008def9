import { open } from 'node:fs/promises';

/** The beginning of a file as text; undefined where there is none, or none that can be read. */
export async function readText(file: string, bytesMax: number = BYTES_MAX): Promise<string | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  try {
    const stat = await handle?.stat();
    // A pipe or a device of that name would be waited for.
    if (handle === undefined || stat?.isFile() !== true) return undefined;
    const bytes = Buffer.alloc(Math.min(stat.size, bytesMax));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}

/** Settings, Dockerfiles and sources are far smaller; what is larger is generated. */
const BYTES_MAX = 512 * 1024;
