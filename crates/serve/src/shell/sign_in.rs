//! The page that takes a token: no script, and nothing of what is behind it.

use super::{escape, styles};
use crate::{App, Error};

/// A browser that held its session back sends it when a page of ours asks for the same address.
pub(crate) fn once_more(app: &App) -> String {
    document(
        app,
        "<meta http-equiv=\"refresh\" content=\"0\">\n",
        "<h1>One moment</h1>\n<p>The page is asked for once more. If nothing happens, reload it.</p>",
    )
}

/// Asks for the token; `next` is where it leads, `error` what was wrong with the one before.
pub(crate) fn page(app: &App, next: &str, error: Option<&Error>) -> String {
    let problem = error.map_or_else(String::new, |error| {
        let hint = match error {
            Error::TooManyTokens { .. } => error.hint().unwrap_or_default(),
            _ => "Capitals count.".to_owned(),
        };
        let (error, hint) = (
            escape(&sentence(&error.to_string())),
            escape(&sentence(&hint)),
        );
        format!("<p class=\"notice\" role=\"alert\" id=\"problem\">{error} {hint}</p>\n")
    });
    let described = if error.is_some() {
        " aria-describedby=\"problem\" aria-invalid=\"true\""
    } else {
        ""
    };
    let body = format!(
        "<h1>Sign in</h1>
<p>These pages are for those who have the server’s token.</p>
{problem}<form method=\"post\" action=\"/sign-in\">
<input type=\"hidden\" name=\"next\" value=\"{next}\">
<label for=\"token\">Token</label>
<input id=\"token\" name=\"token\" type=\"password\" required autofocus autocomplete=\"current-password\" \
autocapitalize=\"off\" spellcheck=\"false\"{described}>
<button type=\"submit\">Sign in</button>
</form>
<p class=\"sign-in-help\">Whoever runs the server set it as <code>FILMSTAR_SERVE__TOKEN</code>. It stays on the server: \
this browser keeps a session of 30 days in its place.</p>",
        next = escape(next),
    );
    document(app, "", &body)
}

fn sentence(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}.", first.unwrap_or_default(), letters.as_str())
}

fn document(app: &App, head: &str, body: &str) -> String {
    format!(
        r##"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Sign in · Filmstar</title>
<link rel="icon" href="data:,">
{styles}{head}</head>
<body class="sign-in">
<main id="main">
<p class="wordmark">Filmstar</p>
{body}
</main>
</body>
</html>
"##,
        styles = styles(&app.assets.entry()),
    )
}
