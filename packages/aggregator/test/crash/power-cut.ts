// A disk whose power can be cut: a file system in a file. What a copy of that file holds is what really came to the disk, and not
// what the operating system still had in memory. Needs root and Linux, and is run on demand.

import { execFile } from 'node:child_process';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const DISK_BYTES = 1500 * 1024 * 1024;

export class PowerCut {
  /** Where the disk is mounted. */
  readonly mountPoint: string;
  readonly #image: string;
  readonly #copy: string;

  private constructor(directory: string) {
    this.mountPoint = path.join(directory, 'disk');
    this.#image = path.join(directory, 'disk.img');
    this.#copy = path.join(directory, 'after.img');
  }

  /** Makes a disk in a directory and mounts it. */
  static async prepare(directory: string, bytes: number = DISK_BYTES): Promise<PowerCut> {
    const disk = new PowerCut(directory);
    await mkdir(disk.mountPoint, { recursive: true });
    await writeFile(disk.#image, '');
    await truncate(disk.#image, bytes);
    await run('mkfs.ext4', ['-q', '-F', disk.#image]);
    await disk.#mount();
    return disk;
  }

  /** Keeps what is on the disk at this moment. */
  async snapshot(): Promise<void> {
    await run('cp', ['--sparse=always', this.#image, this.#copy]);
  }

  /** Goes on with what was kept. Nobody may use the disk meanwhile. */
  async restore(): Promise<void> {
    await run('umount', [this.mountPoint]);
    await run('mv', [this.#copy, this.#image]);
    await this.#mount();
  }

  async remove(): Promise<void> {
    await run('umount', [this.mountPoint]);
    await rm(this.#image, { force: true });
  }

  async #mount(): Promise<void> {
    await run('mount', ['-o', 'loop', this.#image, this.mountPoint]);
  }
}
