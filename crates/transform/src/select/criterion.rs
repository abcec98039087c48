use crate::Diagnostic;

/// One selector: `@`, `2+`, `method:value`, `+3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Criterion {
    pub(super) method: String,
    pub(super) value: String,
    /// `@`: also all ancestors of all descendants.
    pub(super) childrens_parents: bool,
    /// `Some(None)` is `+x`, `Some(Some(2))` is `2+x`.
    pub(super) parents: Option<Option<usize>>,
    pub(super) children: Option<Option<usize>>,
}

impl Criterion {
    pub(super) fn parse(text: &str) -> Result<Self, Diagnostic> {
        let problem =
            |message: &str| Diagnostic::without_file(format!("selector `{text}`: {message}"));
        let mut rest = text;
        let childrens_parents = rest.starts_with('@');
        rest = rest.strip_prefix('@').unwrap_or(rest);
        let mut parents = None;
        if let Some((digits, after)) = rest.split_once('+')
            && digits.chars().all(|c| c.is_ascii_digit())
            && !after.is_empty()
        {
            parents = Some(depth(digits).map_err(|()| problem("depth is too large"))?);
            rest = after;
        }
        let mut children = None;
        if let Some((before, digits)) = rest.rsplit_once('+')
            && digits.chars().all(|c| c.is_ascii_digit())
        {
            children = Some(depth(digits).map_err(|()| problem("depth is too large"))?);
            rest = before;
        }
        if childrens_parents && children.is_some() {
            return Err(problem("`@` and a trailing `+` cannot be combined"));
        }
        let (method, value) = match rest.split_once(':') {
            Some((method, value)) if is_method(method) => (method.to_owned(), value),
            _ if rest.contains(['/', '\\']) => ("path".to_owned(), rest),
            _ if [".sql", ".csv", ".py"]
                .iter()
                .any(|extension| rest.ends_with(extension)) =>
            {
                ("file".to_owned(), rest)
            }
            _ => ("fqn".to_owned(), rest),
        };
        if value.is_empty() {
            return Err(problem("a name is missing"));
        }
        Ok(Self {
            method,
            value: value.to_owned(),
            childrens_parents,
            parents,
            children,
        })
    }
}

fn is_method(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '.')
}

fn depth(digits: &str) -> Result<Option<usize>, ()> {
    if digits.is_empty() {
        Ok(None)
    } else {
        digits.parse().map(Some).map_err(|_| ())
    }
}
