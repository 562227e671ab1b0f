/** Hands a text to the browser's downloads as a file. */
export function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser takes it up after this task.
  setTimeout(() => URL.revokeObjectURL(url));
}
