use std::rc::Rc;

use regex::{Captures, Regex, RegexBuilder};

use crate::jinja::{Arguments, Interpreter, Object, Result, Value, fail};

const FLAGS: [(&str, &str, i64); 4] = [
    ("IGNORECASE", "I", 2),
    ("MULTILINE", "M", 8),
    ("DOTALL", "S", 16),
    ("VERBOSE", "X", 64),
];

const FUNCTIONS: [&str; 7] = [
    "sub",
    "match",
    "search",
    "fullmatch",
    "findall",
    "split",
    "finditer",
];

/// `modules.re`.
pub(super) fn module() -> Value {
    let mut entries: Vec<(&str, Value)> = Vec::new();
    for (name, short, bit) in FLAGS {
        entries.push((name, Value::Int(bit)));
        entries.push((short, Value::Int(bit)));
    }
    for name in FUNCTIONS {
        let function = Value::function("re", move |interpreter, mut arguments: Arguments| {
            let flags = arguments.keyword("flags").cloned();
            // Where `flags` stands when it has no name: after the pattern and what the function takes.
            let place = match name {
                "sub" => 4,
                "split" => 3,
                _ => 2,
            };
            let flags = flags.or_else(|| arguments.positional.get(place).cloned());
            let pattern = arguments.require(0, "pattern")?.clone();
            let pattern = compiled(&pattern, flags.as_ref())?;
            if !arguments.positional.is_empty() {
                arguments.positional.remove(0);
            }
            pattern.run(interpreter, name, &arguments)
        });
        entries.push((name, function));
    }
    entries.push((
        "compile",
        Value::function("compile", |_, arguments| {
            let pattern = compiled(arguments.require(0, "pattern")?, arguments.get(1, "flags"))?;
            Ok(Value::object(pattern))
        }),
    ));
    entries.push((
        "escape",
        Value::function("escape", |_, arguments| {
            let mut escaped = String::new();
            for c in arguments.text(0, "pattern")?.chars() {
                if !c.is_alphanumeric() && !"_!\"%',/:;<=>@`".contains(c) {
                    escaped.push('\\');
                }
                escaped.push(c);
            }
            Ok(Value::from(escaped))
        }),
    ));
    Value::dict(entries)
}

/// A compiled pattern.
#[derive(Clone)]
struct Pattern {
    written: Rc<str>,
    regex: Regex,
    whole: Regex,
}

fn compiled(pattern: &Value, flags: Option<&Value>) -> Result<Pattern> {
    let written: Rc<str> = match pattern {
        Value::Object(object) if object.type_name() == "re.Pattern" => Rc::from(object.print()),
        other => Rc::from(other.to_string()),
    };
    let flags = match flags {
        Some(Value::Int(bits)) => *bits,
        _ => 0,
    };
    let build = |pattern: &str| {
        RegexBuilder::new(pattern)
            .case_insensitive(flags & 2 != 0)
            .multi_line(flags & 8 != 0)
            .dot_matches_new_line(flags & 16 != 0)
            .ignore_whitespace(flags & 64 != 0)
            .size_limit(1 << 22)
            .build()
            .map_err(|error| {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim();
                fail(format!(
                    "regular expression `{written}` is not supported: {reason}"
                ))
            })
    };
    let rust = written.replace("\\Z", "\\z");
    Ok(Pattern {
        regex: build(&rust)?,
        whole: build(&format!("^(?:{rust})\\z"))?,
        written: Rc::clone(&written),
    })
}

impl Object for Pattern {
    fn type_name(&self) -> &'static str {
        "re.Pattern"
    }

    fn attribute(&self, name: &str) -> Option<Value> {
        (name == "pattern").then(|| Value::text(&self.written))
    }

    fn call_method(
        &self,
        interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        FUNCTIONS
            .contains(&name)
            .then(|| self.run(interpreter, name, &arguments))
    }

    fn print(&self) -> String {
        self.written.to_string()
    }
}

impl Pattern {
    /// One of the functions; the arguments are those after the pattern.
    fn run(
        &self,
        interpreter: &mut Interpreter,
        name: &str,
        arguments: &Arguments,
    ) -> Result<Value> {
        if name == "sub" {
            return self.substitute(interpreter, arguments);
        }
        let text = arguments.text(0, "string")?;
        let first = |regex: &Regex| {
            let captures = regex.captures(&text);
            captures.map_or(Value::None, |captures| Match::of(&captures, &text, regex))
        };
        Ok(match name {
            "search" => first(&self.regex),
            "fullmatch" => first(&self.whole),
            "match" => match self.regex.captures(&text).filter(is_at_start) {
                Some(captures) => Match::of(&captures, &text, &self.regex),
                None => Value::None,
            },
            "finditer" => {
                let all = self.regex.captures_iter(&text);
                Value::list(all.map(|captures| Match::of(&captures, &text, &self.regex)))
            }
            "findall" => Value::list(
                self.regex
                    .captures_iter(&text)
                    .map(|captures| found(&captures)),
            ),
            _ => {
                let limit = usize::try_from(arguments.integer(1, "maxsplit", 0)?).unwrap_or(0);
                let limit = if limit == 0 { usize::MAX } else { limit };
                let (mut parts, mut from) = (Vec::new(), 0);
                for captures in self.regex.captures_iter(&text).take(limit) {
                    let whole = captures.get_match();
                    parts.push(Value::text(&text[from..whole.start()]));
                    parts.extend((1..captures.len()).map(|index| group(&captures, index)));
                    from = whole.end();
                }
                parts.push(Value::text(&text[from..]));
                Value::list(parts)
            }
        })
    }

    fn substitute(&self, interpreter: &mut Interpreter, arguments: &Arguments) -> Result<Value> {
        let (replacement, text) = (arguments.require(0, "repl")?, arguments.text(1, "string")?);
        let count = usize::try_from(arguments.integer(2, "count", 0)?).unwrap_or(0);
        let count = if count == 0 { usize::MAX } else { count };
        let (mut result, mut from) = (String::new(), 0);
        for captures in self.regex.captures_iter(&text).take(count) {
            let whole = captures.get_match();
            result.push_str(&text[from..whole.start()]);
            match replacement {
                Value::String(template) => expand(template, &captures, &mut result)?,
                function => {
                    let found = Match::of(&captures, &text, &self.regex);
                    let value = function.call(interpreter, Arguments::positional([found]))?;
                    result.push_str(&value.to_string());
                }
            }
            from = whole.end();
        }
        result.push_str(&text[from..]);
        Ok(Value::from(result))
    }
}

fn is_at_start(captures: &Captures<'_>) -> bool {
    captures.get_match().start() == 0
}

fn group(captures: &Captures<'_>, index: usize) -> Value {
    captures
        .get(index)
        .map_or(Value::None, |found| Value::text(found.as_str()))
}

/// What `findall` gives of a match: all of it, its group, or the tuple of its groups.
fn found(captures: &Captures<'_>) -> Value {
    let text = |index| captures.get(index).map_or("", |found| found.as_str());
    match captures.len() {
        1 => Value::text(text(0)),
        2 => Value::text(text(1)),
        n => Value::tuple((1..n).map(|index| Value::text(text(index)))),
    }
}

/// Fills `\1`, `\g<name>` and escapes into a replacement.
fn expand(template: &str, captures: &Captures<'_>, result: &mut String) -> Result<()> {
    let mut rest = template.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            result.push(c);
            continue;
        }
        match rest.next() {
            Some('g') if rest.next_if_eq(&'<').is_some() => {
                let name: String = rest.by_ref().take_while(|c| *c != '>').collect();
                let found = match name.parse() {
                    Ok(index) => captures.get(index),
                    Err(_) => captures.name(&name),
                };
                result.push_str(found.map_or("", |found| found.as_str()));
            }
            Some(digit) if digit.is_ascii_digit() => {
                let mut number = digit.to_string();
                if let Some(second) = rest.next_if(char::is_ascii_digit) {
                    number.push(second);
                }
                let index: usize = number.parse().unwrap_or_default();
                if index >= captures.len() {
                    return Err(fail(format!("invalid group reference {index}")));
                }
                result.push_str(captures.get(index).map_or("", |found| found.as_str()));
            }
            Some('n') => result.push('\n'),
            Some('t') => result.push('\t'),
            Some('\\') | None => result.push('\\'),
            Some(other) => {
                result.push('\\');
                result.push(other);
            }
        }
    }
    Ok(())
}

/// A match, without the text it was found in. Places count characters.
struct Match {
    groups: Vec<Option<(usize, usize, String)>>,
    names: Vec<(String, usize)>,
}

impl Match {
    fn of(captures: &Captures<'_>, text: &str, regex: &Regex) -> Value {
        let place = |byte: usize| text[..byte].chars().count();
        let groups = captures.iter().map(|found| {
            let found = found?;
            Some((
                place(found.start()),
                place(found.end()),
                found.as_str().to_owned(),
            ))
        });
        let names = regex.capture_names().enumerate();
        let names = names.filter_map(|(index, name)| Some((name?.to_owned(), index)));
        Value::object(Self {
            groups: groups.collect(),
            names: names.collect(),
        })
    }

    fn index(&self, key: Option<&Value>) -> Result<usize> {
        let index = match key {
            None => Some(0),
            Some(Value::Int(index)) => usize::try_from(*index).ok(),
            Some(name) => {
                let name = name.to_string();
                self.names
                    .iter()
                    .find(|(known, _)| *known == name)
                    .map(|(_, index)| *index)
            }
        };
        index
            .filter(|index| *index < self.groups.len())
            .ok_or_else(|| fail("no such group"))
    }

    fn text(&self, index: usize) -> Value {
        self.groups[index]
            .as_ref()
            .map_or(Value::None, |(.., text)| Value::text(text))
    }
}

impl Object for Match {
    fn type_name(&self) -> &'static str {
        "re.Match"
    }

    fn call_method(
        &self,
        _interpreter: &mut Interpreter,
        name: &str,
        arguments: Arguments,
    ) -> Option<Result<Value>> {
        let place = || {
            let index = self.index(arguments.positional.first())?;
            let place = self.groups[index]
                .as_ref()
                .map(|(start, end, _)| (*start, *end));
            Ok(place.map_or((-1, -1), |(start, end)| (start as i64, end as i64)))
        };
        Some(match name {
            "group" if arguments.positional.len() > 1 => {
                let keys = arguments.positional.iter();
                let found = keys.map(|key| Ok(self.text(self.index(Some(key))?)));
                found.collect::<Result<Vec<_>>>().map(Value::tuple)
            }
            "group" => self
                .index(arguments.positional.first())
                .map(|index| self.text(index)),
            "groups" => Ok(Value::tuple(
                (1..self.groups.len()).map(|index| self.text(index)),
            )),
            "groupdict" => {
                let names = self.names.iter();
                Ok(Value::dict(
                    names.map(|(name, index)| (name, self.text(*index))),
                ))
            }
            "start" => place().map(|(start, _)| Value::Int(start)),
            "end" => place().map(|(_, end)| Value::Int(end)),
            "span" => {
                place().map(|(start, end)| Value::tuple([Value::Int(start), Value::Int(end)]))
            }
            _ => return None,
        })
    }

    fn print(&self) -> String {
        format!("<re.Match object; match={:?}>", self.text(0))
    }
}
