export interface NamedFile {
  readonly name: string;
  readonly content: Blob;
}

/** Gives a file to the browser to keep. */
export function saveFile({ name, content }: NamedFile): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000); // the browser has begun by then
}
