/** Wide enough for the sections to stand side by side, with their pages folded; as in shell.css. */
const wide = globalThis.matchMedia?.("(min-width: 54.01rem)");

/** Lets the headings of the navigation, which lists every page without a script, open and close their lists. */
export function foldSections(): void {
  const sections = [...document.querySelectorAll<HTMLElement>(".nav-section")];
  if (!wide?.matches) return;
  for (const section of sections) {
    const heading = section.querySelector<HTMLElement>(".nav-heading");
    // The list of the page's own section is always in sight.
    if (!heading || section.querySelector("[aria-current]")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = heading.className;
    button.textContent = heading.textContent;
    heading.replaceWith(button);
    const show = (isOpen: boolean) => {
      button.ariaExpanded = String(isOpen);
      section.classList.toggle("is-open", isOpen);
    };
    show(false);
    button.addEventListener("click", () => show(!section.classList.contains("is-open")));
    section.addEventListener("focusout", (event) => {
      if (!section.contains(event.relatedTarget as Node | null)) show(false);
    });
    section.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !section.classList.contains("is-open")) return;
      show(false);
      button.focus();
    });
    section.addEventListener("pointerleave", () => {
      if (!section.contains(document.activeElement)) show(false);
    });
  }
}
