import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/shell.css";
import "../styles/filters.css";
import "../styles/tiles.css";
import "../styles/charts.css";
import "../styles/menus.css";
import "../styles/tables.css";
import "../styles/search.css";
import "../styles/print.css";

import { render } from "preact";
import type { Page } from "../api/schema";
import { alone } from "../tiles/layout";
import { TileView } from "../tiles/tile-view";
import { FilterBar } from "../ui/filters/filter-bar";
import { MenuHost } from "../ui/menu";
import { NavToggle } from "../ui/nav/nav-toggle";
import { foldSections } from "../ui/nav/sections";
import { ThemeToggle } from "../ui/theme-toggle";
import { SearchBox } from "../views/find/search-box";
import { mountSubject, mountView } from "../views/mount";
import { loadCatalogue } from "./catalogue";
import { ownNames } from "./filters";
import { Held, follow } from "./live";

function mount(id: string, node: preact.ComponentChild): void {
  const slot = document.getElementById(id);
  if (!slot) return;
  slot.replaceChildren();
  render(node, slot);
}

function boot(): void {
  foldSections();
  mount(
    "theme",
    <div class="masthead-tools">
      <NavToggle />
      <ThemeToggle />
    </div>,
  );
  mount("search", <SearchBox />);
  const status = document.createElement("div");
  document.body.append(status);
  render(<Held />, status);
  follow();
  const data = document.getElementById("page-data")?.textContent;
  if (!data) {
    // There is nothing at this address; a search is the way on.
    document.querySelector<HTMLInputElement>("#search input")?.focus();
    return;
  }
  const page = JSON.parse(data) as Page;
  if (page.subject) mountSubject(page);
  if (page.view) mountView(page.view);
  loadCatalogue();
  const filters = document.getElementById("filters");
  if (filters) filters.hidden = ownNames(page).length === 0;
  mount("filters", <FilterBar page={page} />);
  const lonely = alone(page.tiles);
  mount(
    "tiles",
    page.tiles.map((tile) => <TileView key={tile.id} page={page} tile={tile} isAlone={lonely.has(tile.id)} />),
  );
  const menus = document.createElement("div");
  document.getElementById("main")?.append(menus);
  render(<MenuHost />, menus);
  // The tile that the address names has only now come to be.
  if (location.hash) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

boot();
