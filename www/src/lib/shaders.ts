/** The files in `shaders/`, each its own chunk: they are loaded when somebody reads them. */
const files = import.meta.glob<string>('../../../shaders/*.wgsl', { query: '?raw', import: 'default' });

/** Text of a shader file with its comments. */
export function shaderText(file: string): Promise<string> {
  const load = files[`../../../shaders/${file}`];
  return load === undefined ? Promise.reject(new Error(`there is no shader "${file}"`)) : load();
}
