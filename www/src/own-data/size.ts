/** Largest file of pictures: engines hold their memory in 4 GiB, and more than twice the file while they read it. */
const MOST_BYTES = 2 ** 30;

export function checkSize(name: string, bytes: number): void {
  if (bytes > MOST_BYTES) throw new Error(`${name} has ${bytes} bytes; use a file of at most 1 GiB`);
}
