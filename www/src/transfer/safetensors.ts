/** Weights as a safetensors file (<https://huggingface.co/docs/safetensors>), as the runner's `train --save` writes them. */

export interface Tensor {
  /** `layer/kernel` */
  name: string;
  shape: readonly number[];
  /** As 32-bit numbers or as bytes. */
  values: Float32Array | Uint8Array | Uint32Array;
}

/** What the file says of the network that it is saved from. */
export interface Origin {
  model: string;
  /** Shape of one picture. */
  input: readonly number[];
  classes: readonly string[];
}

/** Throws for what is no such file, before the engine reads the first letters of a text as a length. */
export function checkWeights(file: Uint8Array, name: string): void {
  const length = file.length < 10 ? 0n : new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  if (length < 2n || length > BigInt(file.length - 8) || file[8] !== 0x7b) {
    throw new Error(
      `"${name}" is not a safetensors file. Open one that "Save weights" or the runner's train --save has written.`,
    );
  }
}

export function writeWeights(tensors: readonly Tensor[], { model, input, classes }: Origin): Uint8Array<ArrayBuffer> {
  return write(tensors, { model, input: JSON.stringify(input), classes: JSON.stringify(classes) });
}

/** A length of eight bytes, the header as JSON, then the values one tensor after the other. */
function write(tensors: readonly Tensor[], metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const start = end;
    end += values.byteLength;
    const dtype = values instanceof Uint8Array ? 'U8' : values instanceof Uint32Array ? 'U32' : 'F32';
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Values begin at a multiple of eight, as the format asks.
  const begin = 8 + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(begin + end).fill(0x20, 8, begin);
  new DataView(file.buffer).setBigUint64(0, BigInt(begin - 8), true);
  file.set(text, 8);
  let at = begin;
  for (const { values } of tensors) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return file;
}

/** Labelled pictures in bytes, `[n, height, width, channels]`, as the engine and the runner read them. */
export function writePictures(
  pixels: Uint8Array,
  shape: readonly number[],
  labels: readonly number[],
  classes: readonly string[],
): Uint8Array<ArrayBuffer> {
  const tensors = [
    // Words first: every tensor begins where its numbers may lie.
    { name: 'labels', shape: [labels.length], values: Uint32Array.from(labels) },
    { name: 'images', shape, values: pixels },
  ];
  return write(tensors, { classes: JSON.stringify(classes) });
}

interface Place {
  shape: number[];
  data_offsets: [number, number];
}

/** The pictures of a file with `images` and `labels`, both in bytes, whose labels lie between two. */
export function half(file: Uint8Array, [first, last]: readonly [number, number]): Uint8Array<ArrayBuffer> {
  const begin = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, begin))) as Record<'images' | 'labels', Place>;
  const of = ({ data_offsets: [start, end] }: Place): Uint8Array => file.subarray(begin + start, begin + end);
  const [images, labels] = [of(header.images), of(header.labels)];
  const [, ...shape] = header.images.shape;
  const size = shape.reduce((product, side) => product * side, 1);
  const kept = [...labels.keys()].filter((at) => first <= (labels[at] ?? 0) && (labels[at] ?? 0) <= last);
  const pixels = new Uint8Array(kept.length * size);
  kept.forEach((at, place) => pixels.set(images.subarray(at * size, (at + 1) * size), place * size));
  const tensors = [
    { name: 'images', shape: [kept.length, ...shape], values: pixels },
    { name: 'labels', shape: [kept.length], values: Uint8Array.from(kept, (at) => labels[at] ?? 0) },
  ];
  return write(tensors, {});
}
