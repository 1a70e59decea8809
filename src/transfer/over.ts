/** The reason to stop what nobody waits for any more. Without one each stop makes an exception, which takes longer than to read a short row. */
export const OVER = 'over';
