//! The HTML around the tiles: navigation, heading, prose, and per tile its title and a link to its data.
//!
//! It reads without scripts; the front end then fills `#search`, `#subject`, `#view`, `#filters` and `#tiles`.

pub(crate) mod sign_in;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    App, Error, Page, Tile,
    assets::Entry,
    page::{Section, Values},
    pages::Book,
    runs::Trouble,
    subject::About,
};

/// What TMDB asks of everybody who shows its data.
pub(crate) const ATTRIBUTION: &str =
    "This product uses the TMDB API but is not endorsed or certified by TMDB.";

/// A page without numbers looks again so often.
const LOOK_AGAIN_S: u32 = 10;

/// Where the front end puts a view of its own.
const VIEW: &str = "<div id=\"view\" class=\"view-slot\"><noscript><p class=\"notice\">\
                    This view is drawn by a script, and scripts are off.</p></noscript></div>\n";

const SIGN_OUT: &str =
    "\n<form method=\"post\" action=\"/sign-out\"><button type=\"submit\">Sign out</button></form>";

/// What stands around every page.
pub(crate) struct Frame<'a> {
    pub(crate) app: &'a App,
    pub(crate) book: &'a Book,
}

/// What a page's HTML says of the data.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) has_no_build: bool,
    /// Whom an entity page is about, when it could be asked quickly.
    pub(crate) about: Option<About>,
    /// What `{money}` stands for by default.
    pub(crate) money: Option<String>,
    /// When what is shown was published.
    pub(crate) built_at: Option<DateTime<Utc>>,
    /// Newer numbers were due and did not come.
    pub(crate) trouble: Option<Trouble>,
}

/// One page.
pub(crate) fn page(frame: &Frame<'_>, page: &Page, query: Option<&str>, shown: &Shown) -> String {
    let prose: String = page
        .prose
        .split("\n\n")
        .filter(|text| !text.trim().is_empty())
        .map(|text| format!("<p>{}</p>\n", stressed(frame.book, text.trim())))
        .collect();
    let tiles: String = page
        .tiles
        .iter()
        .map(|tile| tile_outline(page, tile, query, shown))
        .collect();
    // A data block is not run, but it must not be able to end early.
    let data = serde_json::to_string(page)
        .unwrap_or_default()
        .replace('<', "\\u003c");
    let waiting = if shown.has_no_build {
        "<p class=\"notice\" role=\"status\">There are no numbers yet: the first build is still in the making, or was not begun. \
         This page looks again every few seconds and shows them when they are there.</p>\n"
    } else {
        ""
    };
    let trouble = old_numbers(frame.book, shown);
    let title = shown
        .about
        .as_ref()
        .map_or(&page.title, |about| &about.title);
    let (head, view) = (heading(page, shown), page.view.map_or("", |_| VIEW));
    let prose = if prose.is_empty() {
        prose
    } else {
        format!(
            "<section class=\"prose\" aria-labelledby=\"reading\"><h2 id=\"reading\">How to read this page</h2>\n\
             <div class=\"prose-text\">{prose}</div></section>"
        )
    };
    let body = format!(
        r#"{waiting}{trouble}{head}
{view}<div id="filters" class="filters-slot"></div>
<div id="tiles" class="tiles">{tiles}</div>
{prose}
<script type="application/json" id="page-data">{data}</script>"#,
    );
    let look_again = if shown.has_no_build {
        format!("<meta http-equiv=\"refresh\" content=\"{LOOK_AGAIN_S}\">\n")
    } else {
        String::new()
    };
    document(frame, title, Some(&page.name), &look_again, &body)
}

/// Says that the last run failed, and which numbers these are.
fn old_numbers(book: &Book, shown: &Shown) -> String {
    const TIME: &str = "%Y-%m-%d %H:%M UTC";
    let (Some(trouble), Some(built_at)) = (&shown.trouble, shown.built_at) else {
        return String::new();
    };
    let why = match book.page("runs") {
        Ok(_) => " <a href=\"/pages/runs\">Runs</a> says why.",
        Err(_) => "",
    };
    let how = match trouble.status {
        "killed" => "was broken off",
        _ => "failed",
    };
    format!(
        "<p class=\"notice\" role=\"status\">The last run {how} at {}; these pages show the build of {}.{why}</p>\n",
        trouble.at.format(TIME),
        built_at.format(TIME),
    )
}

fn heading(page: &Page, shown: &Shown) -> String {
    let about = shown.about.as_ref();
    let (title, summary) = match about {
        Some(about) => (&about.title, about.subtitle.as_deref().unwrap_or_default()),
        None => (&page.title, page.summary.as_str()),
    };
    let eyebrow = page
        .subject
        .as_ref()
        .map_or("Film facts on a star schema", |_| page.title.as_str());
    let words = format!(
        "<p class=\"eyebrow\">{}</p>\n<h1>{}</h1>\n<p class=\"summary\">{}</p>",
        escape(eyebrow),
        escape(title),
        escape(summary)
    );
    let slot = if page.subject.is_some() {
        " id=\"subject\""
    } else {
        ""
    };
    format!("<header class=\"page-head\"{slot}>\n{words}\n</header>")
}

/// An entity page without its entity.
pub(crate) fn nobody(frame: &Frame<'_>, page: &Page, error: &Error) -> String {
    let body = format!(
        "<header class=\"page-head\"><p class=\"eyebrow\">{}</p><h1>Nothing to show</h1>\n\
         <p class=\"summary\">{}.</p>\n<p><a href=\"/pages/find\">Find it by name</a></p></header>",
        escape(&page.title),
        escape(error.to_string().trim_end_matches('.')),
    );
    document(frame, &page.title, Some(&page.name), "", &body)
}

/// An address that leads nowhere.
pub(crate) fn problem(frame: &Frame<'_>, error: &Error) -> String {
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
    document(frame, "Not found", None, "", &body)
}

fn tile_outline(page: &Page, tile: &Tile, query: Option<&str>, shown: &Shown) -> String {
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!(
        "<section class=\"tile\"><h2>{}</h2><p class=\"tile-subtitle\">{}</p>\
         <p><a href=\"/api/pages/{}/tiles/{}.csv{}\">Data as CSV</a></p></section>\n",
        escape(&filled(page, &tile.title, shown)),
        escape(&filled(page, &tile.subtitle, shown)),
        escape(&page.name),
        escape(&tile.id),
        escape(&query),
    )
}

/// A title with `{parameter}` replaced by the label of its default; the front end does so for what is chosen.
fn filled(page: &Page, text: &str, shown: &Shown) -> String {
    let money = shown.money.as_deref().unwrap_or("real dollars");
    let mut text = text.replace("{money}", money);
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

fn document(
    frame: &Frame<'_>,
    title: &str,
    current: Option<&str>,
    head: &str,
    body: &str,
) -> String {
    let entry = frame.app.assets.entry();
    let styles = styles(&entry);
    let (script, notice) = match &entry.script {
        Some(file) => (
            format!(
                "<script type=\"module\" blocking=\"render\" src=\"/{}\"></script>\n",
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
    let about_data = frame
        .app
        .notice
        .as_deref()
        .map_or_else(String::new, |notice| {
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
<body data-edition="{edition}"{pictures}>
<a class="skip" href="#main">Skip to content</a>
<header class="masthead"><div class="masthead-inner">
<a class="wordmark" href="/">Filmstar</a>
<nav aria-label="Pages">{navigation}</nav>
<div id="search"></div>
<div id="theme"></div>
</div></header>
{about_data}{notice}<main id="main">
{body}
</main>
<footer class="footer"><p>{ATTRIBUTION}</p>
<p>Budgets and revenues are entered by TMDB users: production cost without marketing, worldwide theatrical gross. Unknown is never counted as zero.</p>{sign_out}</footer>
</body>
</html>
"##,
        title = escape(title),
        edition = frame.book.edition,
        pictures = if frame.app.pictures {
            " data-pictures"
        } else {
            ""
        },
        sign_out = frame.app.door.token.as_ref().map_or("", |_| SIGN_OUT),
        navigation = navigation(frame.book, current),
    )
}

fn styles(entry: &Entry) -> String {
    let link = |file: &String| format!("<link rel=\"stylesheet\" href=\"/{}\">\n", escape(file));
    entry.styles.iter().map(link).collect()
}

/// The pages by section; entity pages are reached from their names.
fn navigation(book: &Book, current: Option<&str>) -> String {
    let mut sections: BTreeMap<Section, String> = BTreeMap::new();
    for page in book.pages.iter().filter(|page| page.subject.is_none()) {
        let mark = if current == Some(page.name.as_str()) {
            " aria-current=\"page\""
        } else {
            ""
        };
        let entry = format!(
            "<li><a href=\"/pages/{}\"{mark}>{}</a></li>",
            escape(&page.name),
            escape(&page.title)
        );
        sections.entry(page.section).or_default().push_str(&entry);
    }
    let group = |(section, entries): (Section, String)| {
        let label = section.label();
        format!(
            "<div class=\"nav-section\" role=\"group\" aria-label=\"{label}\">\
             <span class=\"nav-heading\" aria-hidden=\"true\">{label}</span><ul>{entries}</ul></div>"
        )
    };
    sections.into_iter().map(group).collect()
}

/// Text whose `*words*` are stressed; those that are a page's title lead to it.
fn stressed(book: &Book, text: &str) -> String {
    let parts: Vec<&str> = text.split('*').collect();
    if parts.len().is_multiple_of(2) {
        return escape(text);
    }
    let html = |(index, part): (usize, &&str)| {
        let words = escape(part);
        if index.is_multiple_of(2) {
            return words;
        }
        let named = |page: &&Page| page.title == *part && page.subject.is_none();
        match book.pages.iter().find(named) {
            Some(page) => format!("<a href=\"/pages/{}\">{words}</a>", escape(&page.name)),
            None => format!("<em>{words}</em>"),
        }
    };
    parts.iter().enumerate().map(html).collect()
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
