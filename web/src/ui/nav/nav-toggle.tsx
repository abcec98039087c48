import { useEffect, useState } from "preact/hooks";

/** Unfolds the navigation where the style sheet folds it. */
export function NavToggle() {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    if (isOpen) document.documentElement.dataset.nav = "open";
    else delete document.documentElement.dataset.nav;
  }, [isOpen]);
  return (
    <button type="button" class="nav-toggle" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
      {isOpen ? "Close" : "Pages"}
    </button>
  );
}
