import type { Ref } from 'react';

interface PinFieldProps {
  readonly label: string;
  readonly className?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
}

/** Where a conference's PIN is typed; the field `pin` of its form. */
export function PinField({ label, className, inputRef }: PinFieldProps) {
  return (
    <label className={className}>
      {label}
      <input
        ref={inputRef}
        name="pin"
        required
        inputMode="numeric"
        maxLength={12}
        autoComplete="off"
      />
    </label>
  );
}
