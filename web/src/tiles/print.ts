/** Prints one tile, without the rest of its page. */
export function printTile(id: string): void {
  const tile = document.getElementById(id);
  if (!tile) return;
  const { dataset } = document.documentElement;
  dataset.printing = "tile";
  tile.dataset.printed = "true";
  addEventListener(
    "afterprint",
    () => {
      delete dataset.printing;
      delete tile.dataset.printed;
    },
    { once: true },
  );
  print();
}
