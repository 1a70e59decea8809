/** A refusal of the relay, told as plain text. */
export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly httpStatus: number;

  constructor(httpStatus: number, text: string, options?: ErrorOptions) {
    super(text, options);
    this.httpStatus = httpStatus;
  }
}
