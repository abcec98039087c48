//! Whether what pages lead to is there.

use std::collections::BTreeMap;

use super::{Diagnostic, ID, Page, Tile, check::Checker, load::Folder, yaml::nearest};

/// Looks at the drills of tiles and the links of columns, now that all pages are known.
pub(super) fn check_links(
    pages: &[Page],
    folders: &BTreeMap<String, Folder>,
    problems: &mut Vec<Diagnostic>,
) {
    for page in pages {
        let files = folders.get(&page.name);
        let text = |file: &str| {
            files
                .and_then(|files| files.get(file))
                .map_or("", String::as_str)
        };
        let mut links = Links {
            pages,
            names: folders.keys().map(String::as_str).collect(),
            problems,
        };
        let file = format!("{}/page.yml", page.name);
        for tile in &page.tiles {
            links.check_drill(&file, text("page.yml"), tile);
        }
        for query in page.queries() {
            let kinds = query.columns.iter().filter_map(|column| column.link);
            let file = format!("{}/{}", page.name, query.file);
            for kind in kinds {
                let (name, word) = (kind.page(), format!("link: {}", kind.page()));
                let is_there = links.find(name).is_none_or(|page| {
                    page.subject
                        .as_ref()
                        .is_some_and(|subject| subject.kind == kind)
                });
                if !links.names.contains(&name) || !is_there {
                    let message = format!("`{word}` leads to no page");
                    let hint = format!("add a page `{name}` with `subject: {{ kind: {name}, … }}`");
                    links
                        .checker(&file, text(&query.file))
                        .report(1, &word, message, hint);
                }
            }
        }
    }
}

struct Links<'a, 'p> {
    pages: &'a [Page],
    /// Those that could not be read too.
    names: Vec<&'a str>,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'a> Links<'a, '_> {
    fn find(&self, name: &str) -> Option<&'a Page> {
        self.pages.iter().find(|page| page.name == name)
    }

    fn checker<'t>(&mut self, file: &str, text: &'t str) -> Checker<'t, '_> {
        Checker {
            file: file.to_owned(),
            text,
            problems: self.problems,
        }
    }

    fn check_drill(&mut self, file: &str, text: &str, tile: &Tile) {
        let Some(drill) = &tile.drill else { return };
        if !self.names.contains(&drill.page.as_str()) {
            let message = format!(
                "tile `{}` drills into page `{}`, which is not there",
                tile.id, drill.page
            );
            let hint = nearest(&drill.page, &self.names);
            self.checker(file, text)
                .report(tile.line, &drill.page, message, hint);
            return;
        }
        let Some(target) = self.find(&drill.page) else {
            return;
        };
        let known = target.address_names();
        for name in drill
            .with
            .keys()
            .filter(|name| !known.contains(&name.as_str()))
        {
            let message = format!("page `{}` has no filter or parameter `{name}`", drill.page);
            self.checker(file, text)
                .report(tile.line, name, message, nearest(name, &known));
        }
        if target.subject.is_some() && !drill.with.contains_key(ID) {
            let message = format!(
                "page `{}` is about one entity, and the drill gives no `{ID}`",
                drill.page
            );
            let hint = format!("add `with: {{ {ID}: <column> }}`");
            self.checker(file, text)
                .report(tile.line, "drill", message, hint);
        }
    }
}
