/** Which pictures of which class a folder holds: one folder to a class, as Keras's `image_dataset_from_directory` wants it. */

export interface Listed {
  /** From the chosen folder on, `pets/cat/1.jpg`. */
  path: string;
  file: File;
}

export interface ClassFolder {
  name: string;
  files: File[];
}

export interface Found {
  /** Name of the chosen folder. */
  title: string;
  /** By name, numbers by their value. */
  classes: ClassFolder[];
  /** Pictures that lie in no folder of a class. */
  loose: number;
}

/** Those that only some browsers can read are among them: whoever has such is told. */
export const PICTURE = /\.(png|jpe?g|webp|gif|bmp|avif|heic|heif|tiff?)$/i;
/** What systems leave behind beside the files of people. */
export const HIDDEN = /(^|\/)(\.|__MACOSX\/)/;

/** The class of a picture is the folder that it lies in, wherever that lies: `train/cat` and `test/cat` are one class. The chosen folder
 * itself is a class only where several were chosen. */
export function sorted(listed: readonly Listed[]): Found {
  const pictures = listed.filter(({ path }) => PICTURE.test(path) && !HIDDEN.test(path));
  const placed = pictures.map(({ path, file }) => ({ parts: path.split('/'), file }));
  const roots = new Set(placed.flatMap(({ parts: [root, ...rest] }) => (rest.length > 0 ? [root ?? ''] : [])));
  const classes = new Map<string, File[]>();
  let loose = 0;
  for (const { parts, file } of placed) {
    const name = parts.length > 2 || roots.size > 1 ? parts.at(-2)?.normalize('NFC') : undefined;
    if (name === undefined) loose += 1;
    else if (classes.get(name)?.push(file) === undefined) classes.set(name, [file]);
  }
  const order = new Intl.Collator(undefined, { numeric: true });
  return {
    title: [...roots].join(' '),
    classes: [...classes].map(([name, files]) => ({ name, files })).sort((a, b) => order.compare(a.name, b.name)),
    loose,
  };
}

/** Files of an `<input webkitdirectory>`. */
export function ofInput(files: Iterable<File>): Listed[] {
  return [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** Files of a drop, those in folders included. The entries must be asked for before the event is over. */
export async function ofDrop(items: Iterable<DataTransferItem>): Promise<Listed[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  return (await Promise.all(entries.map((entry) => walk(entry, entry.name)))).flat();
}

async function walk(entry: FileSystemEntry, path: string): Promise<Listed[]> {
  if (entry.isFile) {
    const file = await new Promise<File | null>((resolve) => {
      // One that is gone or locked leaves the others as they are.
      (entry as FileSystemFileEntry).file(resolve, () => resolve(null));
    });
    return file === null ? [] : [{ path, file }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: Listed[] = [];
  for (;;) {
    // A reader gives so many at a time, and none when it is through.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return found;
    for (const one of some) {
      for (const inside of await walk(one, `${path}/${one.name}`)) found.push(inside);
    }
  }
}
