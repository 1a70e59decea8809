/** Parts of the file system API that are not in the DOM library yet. */
interface DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}
