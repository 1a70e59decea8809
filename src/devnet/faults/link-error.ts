/** How a connection ends where HTTP says nothing. */
export type LinkEnd =
  | 'refused' // nobody listens
  | 'closed' // the other side closed in order, too early
  | 'reset'; // the other side broke the connection

/**
 * An exchange that ends without an answer, or a body that ends too early. In one process this is what the caller
 * sees; on a port it becomes the same event of a socket.
 */
export class LinkError extends Error {
  override readonly name = 'LinkError';
  readonly end: LinkEnd;

  constructor(end: LinkEnd) {
    super(`connection ${end}`);
    this.end = end;
  }
}
