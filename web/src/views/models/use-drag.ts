import { useEffect } from "preact/hooks";

/** Moves the frame's scroll with the mouse; touch and wheel scroll by themselves, and the page's scroll is never caught. */
export function useDrag(frame: preact.RefObject<HTMLElement>): void {
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let last: { x: number; y: number } | null = null;
    function onDown(event: PointerEvent) {
      if (event.pointerType !== "mouse" || event.button !== 0 || (event.target as Element).closest("a")) return;
      last = { x: event.clientX, y: event.clientY };
      element?.setPointerCapture(event.pointerId);
    }
    function onMove(event: PointerEvent) {
      if (!last || !element) return;
      element.scrollLeft -= event.clientX - last.x;
      element.scrollTop -= event.clientY - last.y;
      last = { x: event.clientX, y: event.clientY };
    }
    function onUp() {
      last = null;
    }
    element.addEventListener("pointerdown", onDown);
    element.addEventListener("pointermove", onMove);
    element.addEventListener("pointerup", onUp);
    element.addEventListener("pointercancel", onUp);
    return () => {
      element.removeEventListener("pointerdown", onDown);
      element.removeEventListener("pointermove", onMove);
      element.removeEventListener("pointerup", onUp);
      element.removeEventListener("pointercancel", onUp);
    };
  }, []);
}
