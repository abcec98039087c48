//! The HTML around the tiles: navigation, heading, prose, and per tile its title and a link to its data.
//!
//! It reads without scripts; the front end then fills `#filters` and `#tiles`.

use crate::{App, Error, Page, Tile, page::Values};

const ATTRIBUTION: &str =
    "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// A page without numbers looks again so often.
const LOOK_AGAIN_S: u32 = 10;

/// One page.
pub(crate) fn page(app: &App, page: &Page, query: Option<&str>, has_no_build: bool) -> String {
    let prose: String = page
        .prose
        .split("\n\n")
        .map(|text| format!("<p>{}</p>\n", emphasized(text.trim())))
        .collect();
    let tiles: String = page
        .tiles
        .iter()
        .map(|tile| tile_outline(page, tile, query))
        .collect();
    // A data block is not run, but it must not be able to end early.
    let data = serde_json::to_string(page)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let waiting = if has_no_build {
        "<p class=\"notice\" role=\"status\">There are no numbers yet: the first build is still in the making, or was not begun. \
         This page looks again every few seconds and shows them when they are there.</p>\n"
    } else {
        ""
    };
    let body = format!(
        r#"{waiting}<header class="page-head">
<p class="eyebrow">Film facts on a star schema</p>
<h1>{title}</h1>
<p class="summary">{summary}</p>
</header>
<div id="filters" class="filters-slot"></div>
<div id="tiles" class="tiles">{tiles}</div>
<section class="prose" aria-labelledby="reading"><h2 id="reading">How to read this page</h2>
<div class="prose-text">{prose}</div></section>
<script type="application/json" id="page-data">{data}</script>"#,
        title = escape(&page.title),
        summary = escape(&page.summary),
    );
    let look_again = if has_no_build {
        format!("<meta http-equiv=\"refresh\" content=\"{LOOK_AGAIN_S}\">\n")
    } else {
        String::new()
    };
    document(app, &page.title, Some(&page.name), &look_again, &body)
}

/// An address that leads nowhere.
pub(crate) fn problem(app: &App, error: &Error) -> String {
    let hint = error
        .hint()
        .map(|hint| format!("<p>{}</p>", escape(&hint)))
        .unwrap_or_default();
    let body = format!(
        "<header class=\"page-head\"><p class=\"eyebrow\">{}</p><h1>Not on the programme</h1>\
         <p class=\"summary\">{}</p>{hint}</header>",
        error.status(),
        escape(&error.to_string()),
    );
    document(app, "Not found", None, "", &body)
}

fn tile_outline(page: &Page, tile: &Tile, query: Option<&str>) -> String {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!(
        "<section class=\"tile\"><h2>{}</h2><p class=\"tile-subtitle\">{}</p>\
         <p><a href=\"/api/pages/{}/tiles/{}.csv{}\">Data as CSV</a></p></section>\n",
        escape(&filled(page, &tile.title)),
        escape(&filled(page, &tile.subtitle)),
        escape(&page.name),
        escape(&tile.id),
        escape(&query),
    )
}

/// A title with `{parameter}` replaced by the label of its default; the front end does so for what is chosen.
fn filled(page: &Page, text: &str) -> String {
    let mut text = text.to_owned();
    for parameter in &page.parameters {
        let label = match &parameter.values {
            Values::Range { default, .. } => default.to_string(),
            Values::Options { options } => options
                .first()
                .map_or_else(String::new, |option| option.label.clone()),
        };
        text = text.replace(&format!("{{{}}}", parameter.name), &label);
    }
    text
}

fn document(app: &App, title: &str, current: Option<&str>, head: &str, body: &str) -> String {
    let entry = app.assets.entry();
    let styles: String = entry
        .styles
        .iter()
        .map(|file| format!("<link rel=\"stylesheet\" href=\"/{}\">\n", escape(file)))
        .collect();
    let (script, notice) = match &entry.script {
        Some(file) => (
            format!(
                "<script type=\"module\" src=\"/{}\"></script>\n",
                escape(file)
            ),
            "",
        ),
        None => (
            String::new(),
            "<p class=\"notice\" role=\"status\">This binary was built without the front end, so there are no charts. \
             Run <code>cargo xtask setup</code> and build again.</p>",
        ),
    };
    let about_data = app.notice.as_deref().map_or_else(String::new, |notice| {
        format!("<p class=\"notice\">{}</p>\n", escape(notice))
    });
    format!(
        r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Filmstar</title>
<link rel="icon" href="data:,">
{styles}{script}{head}</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="masthead"><div class="masthead-inner">
<a class="wordmark" href="/">Filmstar</a>
<nav aria-label="Pages"><ul>{navigation}</ul></nav>
<div id="theme"></div>
</div></header>
{about_data}{notice}<main id="main">
{body}
</main>
<footer class="footer"><p>{ATTRIBUTION}</p>
<p>Budgets and revenues are entered by TMDB users: production cost without marketing, worldwide theatrical gross. Unknown is never counted as zero.</p></footer>
</body>
</html>
"##,
        title = escape(title),
        navigation = navigation(app, current),
    )
}

fn navigation(app: &App, current: Option<&str>) -> String {
    let entry = |page: &Page| {
        let mark = if current == Some(page.name.as_str()) {
            " aria-current=\"page\""
        } else {
            ""
        };
        format!(
            "<li><a href=\"/pages/{}\"{mark}>{}</a></li>",
            escape(&page.name),
            escape(&page.title)
        )
    };
    app.pages.iter().map(entry).collect()
}

/// Text whose `*words*` are stressed.
fn emphasized(text: &str) -> String {
    let parts: Vec<String> = text.split('*').map(escape).collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let stressed = |(index, part): (usize, &String)| {
        if index % 2 == 1 {
            format!("<em>{part}</em>")
        } else {
            part.clone()
        }
    };
    parts.iter().enumerate().map(stressed).collect()
}

/// Text for HTML, in elements and in quoted attributes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
