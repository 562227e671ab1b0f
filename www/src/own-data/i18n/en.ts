export const en = {
  title: 'Own pictures',
  about:
    'A folder with a folder for each class, a safetensors file with images and labels, or the .bin files of CIFAR-10 or CIFAR-100 together with the .txt that names their classes. Nothing leaves this machine.',
  folder: 'Choose a folder',
  file: 'Choose a file',
  drop: 'or drop it here',
  reading: 'Looking through the folder …',
  found: (pictures: string, classes: string) => `${pictures} pictures of ${classes} classes`,
  count: (pictures: string) => `${pictures} pictures`,
  more: (classes: string) => `and ${classes} more`,
  side: 'Size',
  sideOf: (side: number) => `${side} × ${side}`,
  sideHints: { small: 'quick', large: 'slow' },
  otherModel: (model: string, other: string, size: string) =>
    `${model} is made for smaller or larger pictures: at ${size} the page opens ${other}, and the model menu has the others of that size.`,
  opened: (pictures: string) => `${pictures} pictures are open.`,
  goOn: 'Go on',
  onlyNames: (name: string) =>
    `"${name}" holds names alone: choose it together with the .bin files that it belongs to.`,
  channels: 'Channels',
  channelNames: { 1: 'grey', 3: 'red, green, blue' },
  framing: 'To size',
  framings: { crop: 'crop the middle', stretch: 'stretch' },
  seen: 'One picture of each class, as the network will see it.',
  use: (pictures: string) => `Train with ${pictures} pictures`,
  packing: (done: string, all: string) => `${done} of ${all} pictures read`,
  checking: 'Loading the engine that reads them …',
  cancel: 'Cancel',
  back: 'Another folder',
  stored: 'In this browser',
  storedFacts: (pictures: string, classes: string, shape: string, size: string) =>
    `${pictures} pictures · ${classes} classes · ${shape} · ${size} MB`,
  open: 'Open',
  openLabel: (title: string) => `Open ${title}`,
  isOpen: 'open',
  save: 'Save as a file',
  saveLabel: (title: string) => `Save ${title} as a safetensors file`,
  saveHint: (title: string) => `Saved as a file, a course page opens it with dataset="${title}.safetensors".`,
  remove: (title: string) => `Delete ${title} from this browser`,
  sure: (title: string) => `Delete the copy of ${title} in this browser? Saved runs on it need it.`,
  removeOpen: 'It is open: choose another data set first.',
  loose: (pictures: string) =>
    `Left out, since they lie in no folder of a class: ${pictures}. Put the pictures of each class in a folder of its own.`,
  fewClasses: (classes: string) =>
    `Pictures of ${classes} were found: a network needs at least two classes. Put the pictures of each class in a folder of its own, and choose the folder around them.`,
  noClass: 'no class',
  oneClass: (name: string) => `one class (${name})`,
  tooMuch: (size: string, most: string) =>
    `At this size they take ${size} MB; at most ${most} MB can be read. Choose a smaller size, grey, or fewer pictures.`,
  unread: (files: string, names: string) => `Left out, since they could not be read as pictures (${files}): ${names}`,
  notThis: (name: string) =>
    `"${name}" is none of what can be opened: choose a folder of class folders, a safetensors file, or the .bin files of CIFAR.`,
};
