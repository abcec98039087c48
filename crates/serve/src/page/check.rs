//! What a page's parts must agree on.

use super::{Diagnostic, Filter, ID, Kind, ORDER, Page, Parameter, Scope, Tile, yaml::nearest};

/// One file whose problems are collected.
pub(super) struct Checker<'a, 'p> {
    /// Relative to the dashboards folder.
    pub(super) file: String,
    pub(super) text: &'a str,
    pub(super) problems: &'p mut Vec<Diagnostic>,
}

impl Checker<'_, '_> {
    /// Reports a problem at the first line from `from` on that has the word.
    pub(super) fn report(
        &mut self,
        from: usize,
        word: &str,
        message: String,
        hint: impl Into<String>,
    ) {
        let found = self
            .text
            .lines()
            .skip(from - 1)
            .position(|line| has_word(line, word));
        self.problems.push(Diagnostic {
            file: self.file.clone(),
            line: Some(found.map_or(from, |index| from + index)),
            message,
            hint: Some(hint.into()),
        });
    }
}

fn has_word(line: &str, word: &str) -> bool {
    let is_part =
        |character: Option<char>| character.is_some_and(|c| c.is_alphanumeric() || c == '_');
    line.match_indices(word).any(|(index, _)| {
        let (before, after) = (&line[..index], &line[index + word.len()..]);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

/// A name in an address means one thing.
pub(super) fn check_parameters(checker: &mut Checker<'_, '_>, page: &Page) {
    let mut seen: Vec<&str> = vec![ID, ORDER];
    seen.extend(page.filters.iter().flat_map(|filter| filter.names()));
    for Parameter { name, .. } in &page.parameters {
        if seen.contains(&name.as_str()) {
            let message = format!("parameter `{name}` is declared twice");
            checker.report(
                1,
                name,
                message,
                "filters, `id` and `order` have their names already; give it another",
            );
        }
        seen.push(name);
    }
}

/// What a tile says of itself, its page and its columns. Without its query nothing is known of its columns.
pub(super) fn check_tile(
    checker: &mut Checker<'_, '_>,
    page: &Page,
    tile: &Tile,
    line: usize,
    knows_columns: bool,
) {
    if (tile.kind == Kind::Chart) != tile.spec.is_some() {
        let message = format!(
            "tile `{}` is a chart without a `spec`, or has a `spec` and is no chart",
            tile.id
        );
        let hint = "a Vega-Lite spec goes with `kind: chart`, and only there";
        checker.report(line, &tile.id, message, hint);
    }
    let says_money = [Some(&tile.title), Some(&tile.subtitle), tile.note.as_ref()]
        .into_iter()
        .flatten()
        .any(|text| text.contains("{money}"));
    if says_money && tile.scope == Scope::Catalogue && page.filters.contains(&Filter::Money) {
        let message = format!(
            "tile `{}` says `{{money}}`, but no filter reaches it",
            tile.id
        );
        checker.report(
            line,
            "{money}",
            message,
            "write which dollars its query takes",
        );
    }
    let columns: Vec<&str> = tile
        .query
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    let check_column = |checker: &mut Checker<'_, '_>, key: &str, column: &str| {
        if knows_columns && !columns.contains(&column) {
            let message = format!(
                "`{key}` of tile `{}` names `{column}`, which is no column",
                tile.id
            );
            checker.report(line, column, message, nearest(column, &columns));
        }
    };
    if let Some(select) = &tile.select {
        check_column(checker, "select", &select.column);
        let known = page.address_names();
        if !known.contains(&select.filter.as_str()) {
            let message = format!("the page has no filter or parameter `{}`", select.filter);
            checker.report(
                line,
                &select.filter,
                message,
                nearest(&select.filter, &known),
            );
        }
        if select.brush && select.filter != "years" {
            let message = format!("`{}` has no range to drag", select.filter);
            checker.report(line, "brush", message, "`brush` goes with `filter: years`");
        }
    }
    for column in tile.drill.iter().flat_map(|drill| drill.with.values()) {
        check_column(checker, "drill", column);
    }
}

/// What the page as a whole must have.
pub(super) fn check_page(checker: &mut Checker<'_, '_>, page: &Page) {
    let mut ids: Vec<&str> = Vec::new();
    for Tile { id, .. } in &page.tiles {
        if ids.contains(&id.as_str()) {
            let message = format!("tile `{id}` is declared twice");
            checker.report(1, &format!("id: {id}"), message, "give it another id");
        }
        ids.push(id);
    }
    if page.tiles.is_empty() && page.view.is_none() && page.subject.is_none() {
        let message = "the page shows nothing".to_owned();
        checker.report(1, "tiles", message, "add `tiles`, or a built-in `view`");
    }
    let Some(subject) = page
        .subject
        .as_ref()
        .filter(|subject| !subject.query.columns.is_empty())
    else {
        return;
    };
    for needed in ["title", "subtitle"] {
        if subject
            .query
            .columns
            .iter()
            .all(|column| column.name != needed)
        {
            let message = format!("the query of the subject has no column `{needed}`");
            checker.report(
                1,
                &subject.query.file,
                message,
                "it gives `title` and `subtitle`, and may give `image_path` and facts",
            );
        }
    }
}
