//! What `filmstar --version` says: the same for everybody who builds the same commit.

use std::sync::LazyLock;

use chrono::DateTime;

/// The version, and of a build that is handed on the commit and its day.
pub(crate) fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        compose(
            env!("CARGO_PKG_VERSION"),
            env!("FILMSTAR_BUILD_COMMIT"),
            env!("FILMSTAR_BUILD_SECONDS"),
        )
    });
    &TEXT
}

/// `seconds` since 1970 are the commit's, or `SOURCE_DATE_EPOCH`; either part may be unknown, and is empty then.
fn compose(version: &str, commit: &str, seconds: &str) -> String {
    let day = seconds
        .parse()
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .map(|time| time.format("%Y-%m-%d").to_string());
    let known: Vec<&str> = [Some(commit), day.as_deref()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    if known.is_empty() {
        return version.to_owned();
    }
    format!("{version} ({})", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::compose;

    #[test]
    fn a_version_says_what_is_known_of_its_commit() {
        let check = |commit, seconds, expected| {
            assert_eq!(compose("1.2.3", commit, seconds), expected);
        };
        check("", "", "1.2.3");
        check(
            "0123456789ab",
            "1767225599",
            "1.2.3 (0123456789ab, 2025-12-31)",
        );
        check("", "1767225600", "1.2.3 (2026-01-01)");
        check("0123456789ab", "no number", "1.2.3 (0123456789ab)");
    }
}
