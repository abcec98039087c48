import { Fragment } from "preact";

/** A name in code that may break after its underscores. */
export function Name({ text }: { text: string }) {
  const parts = text.split(/(?<=[_.])/);
  return (
    <code>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {part}
          {index < parts.length - 1 && <wbr />}
        </Fragment>
      ))}
    </code>
  );
}
