/** The mark: a lower-case h at rest on a waterline. */
export function Logo(props: { size: number }) {
  return (
    <svg
      aria-hidden="true"
      width={props.size}
      height={props.size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="4"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M9 5v16M9 21v-3a7 7 0 0 1 14 0v3" />
      <path strokeWidth="3" d="M3 27.5c2.2-2 4.3-2 6.5 0s4.3 2 6.5 0 4.3-2 6.5 0 4.3 2 6.5 0" />
    </svg>
  );
}
