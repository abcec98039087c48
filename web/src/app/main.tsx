import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/shell.css";
import "../styles/filters.css";
import "../styles/tiles.css";
import "../styles/tables.css";
import "../styles/search.css";

import { render } from "preact";
import type { Page } from "../api/schema";
import { TileView } from "../tiles/tile-view";
import { FilterBar } from "../ui/filter-bar";
import { ThemeToggle } from "../ui/theme-toggle";
import { SearchBox } from "../views/find/search-box";
import { mountSubject, mountView } from "../views/mount";

function mount(id: string, node: preact.ComponentChild): void {
  const slot = document.getElementById(id);
  if (!slot) return;
  slot.replaceChildren();
  render(node, slot);
}

function boot(): void {
  mount("theme", <ThemeToggle />);
  mount("search", <SearchBox />);
  const data = document.getElementById("page-data")?.textContent;
  if (!data) {
    // There is nothing at this address; a search is the way on.
    document.querySelector<HTMLInputElement>("#search input")?.focus();
    return;
  }
  const page = JSON.parse(data) as Page;
  if (page.subject) mountSubject(page);
  if (page.view) mountView(page.view);
  mount("filters", <FilterBar page={page} />);
  mount(
    "tiles",
    page.tiles.map((tile) => <TileView key={tile.id} page={page} tile={tile} />),
  );
}

boot();
