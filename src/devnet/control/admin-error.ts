/** A refusal of the admin port, told as `{"error": …}`. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly httpStatus: number;

  constructor(httpStatus: number, text: string) {
    super(text);
    this.httpStatus = httpStatus;
  }
}
