import type { ReactNode } from 'react';

/** What is known of something, a line each. */
export function FactsList({ children }: { readonly children: ReactNode }) {
  return <dl className="facts-list">{children}</dl>;
}

/** One line; left out where nothing is known. */
export function Fact({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  if (children === undefined || children === '') return null;
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
