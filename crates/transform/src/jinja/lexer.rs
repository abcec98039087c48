use super::{Error, syntax::Position};

/// One token with where it starts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) at: Position,
    /// Byte offset of the start.
    pub(crate) offset: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TokenKind {
    Text(String),
    OutputStart,
    OutputEnd,
    BlockStart,
    BlockEnd,
    Name(String),
    Int(i64),
    Float(f64),
    String(String),
    Operator(&'static str),
    End,
}

const OPERATORS: [&str; 28] = [
    "//", "**", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[",
    "]", "{", "}", ",", ".", ":", "|", ";", "&", "!",
];

pub(crate) struct Lexer<'a> {
    source: &'a str,
    offset: usize,
    position: Position,
    /// Where `position` was computed.
    counted: usize,
    tokens: Vec<Token>,
    /// Whether the next text loses its leading white space.
    trim_next: bool,
}

type LexResult<T> = Result<T, (Error, Position)>;

impl<'a> Lexer<'a> {
    /// Splits a template into tokens. One trailing newline is dropped, as Jinja does.
    pub(crate) fn tokenize(source: &'a str) -> LexResult<Vec<Token>> {
        let source = source.strip_suffix('\n').unwrap_or(source);
        let position = Position { line: 1, column: 1 };
        let mut lexer = Self {
            source,
            offset: 0,
            position,
            counted: 0,
            tokens: Vec::new(),
            trim_next: false,
        };
        lexer.template()?;
        lexer.push(TokenKind::End);
        Ok(lexer.tokens)
    }

    fn here(&mut self) -> Position {
        for c in self.source[self.counted..self.offset].chars() {
            if c == '\n' {
                self.position.line += 1;
                self.position.column = 1;
            } else {
                self.position.column += 1;
            }
        }
        self.counted = self.offset;
        self.position
    }

    fn push(&mut self, kind: TokenKind) {
        let (at, offset) = (self.here(), self.offset);
        self.tokens.push(Token { kind, at, offset });
    }

    fn rest(&self) -> &'a str {
        &self.source[self.offset..]
    }

    fn fail<T>(&mut self, message: impl Into<String>) -> LexResult<T> {
        let at = self.here();
        Err((Error::new(message), at))
    }

    fn template(&mut self) -> LexResult<()> {
        loop {
            let rest = self.rest();
            let Some(length) = next_tag(rest) else {
                self.text(rest.len(), false);
                return Ok(());
            };
            let tag = &rest[length..];
            let trims = tag[2..].starts_with('-');
            let mark_length = if trims || tag[2..].starts_with('+') {
                3
            } else {
                2
            };
            self.text(length, trims);
            match &tag[..2] {
                "{#" => self.comment()?,
                "{%" if is_raw(&tag[mark_length..]) => self.raw(mark_length)?,
                "{%" => {
                    self.push(TokenKind::BlockStart);
                    self.offset += mark_length;
                    self.expression("%}", TokenKind::BlockEnd)?;
                }
                _ => {
                    self.push(TokenKind::OutputStart);
                    self.offset += mark_length;
                    self.expression("}}", TokenKind::OutputEnd)?;
                }
            }
        }
    }

    fn text(&mut self, length: usize, trim_end: bool) {
        let whole = &self.rest()[..length];
        let mut text = whole;
        if std::mem::take(&mut self.trim_next) {
            text = text.trim_start();
        }
        if trim_end {
            text = text.trim_end();
        }
        if !text.is_empty() {
            self.push(TokenKind::Text(text.to_owned()));
        }
        self.offset += whole.len();
    }

    fn comment(&mut self) -> LexResult<()> {
        let Some(end) = self.rest().find("#}") else {
            return self.fail("comment is not closed with `#}`");
        };
        self.trim_next = self.rest()[..end].ends_with('-') && end > 2;
        self.offset += end + 2;
        Ok(())
    }

    fn raw(&mut self, mark_length: usize) -> LexResult<()> {
        let rest = self.rest();
        let Some(open_end) = rest.find("%}") else {
            return self.fail("`raw` is not closed with `%}`");
        };
        let trims_start = rest[mark_length..open_end].ends_with('-');
        let body_start = open_end + 2;
        let mut search = body_start;
        loop {
            let Some(found) = rest[search..].find("{%") else {
                return self.fail("`raw` has no `endraw`");
            };
            let start = search + found;
            let inner = rest[start + 2..]
                .trim_start_matches(['-', '+'])
                .trim_start();
            if let Some(after) = inner.strip_prefix("endraw") {
                let tail = after.trim_start();
                let tail_trims = tail.starts_with('-');
                if let Some(after_end) = tail.trim_start_matches(['-', '+']).strip_prefix("%}") {
                    let mut body = &rest[body_start..start];
                    if trims_start {
                        body = body.trim_start();
                    }
                    if rest[start + 2..].starts_with('-') {
                        body = body.trim_end();
                    }
                    self.push(TokenKind::Text(body.to_owned()));
                    self.offset += rest.len() - after_end.len();
                    self.trim_next = tail_trims;
                    return Ok(());
                }
            }
            search = start + 2;
        }
    }

    fn expression(&mut self, end: &str, end_kind: TokenKind) -> LexResult<()> {
        let mut brackets: Vec<char> = Vec::new();
        loop {
            let blank = self.rest().len() - self.rest().trim_start().len();
            self.offset += blank;
            let rest = self.rest();
            if rest.is_empty() {
                return self.fail(format!("tag is not closed with `{end}`"));
            }
            if brackets.is_empty() {
                let trims = rest.starts_with('-') && rest[1..].starts_with(end);
                let keeps = rest.starts_with('+') && rest[1..].starts_with(end);
                if trims || keeps || rest.starts_with(end) {
                    self.push(end_kind);
                    self.offset += end.len() + usize::from(trims || keeps);
                    self.trim_next = trims;
                    return Ok(());
                }
            }
            self.token(&mut brackets)?;
        }
    }

    fn token(&mut self, brackets: &mut Vec<char>) -> LexResult<()> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else {
            return Ok(());
        };
        if first == '"' || first == '\'' {
            return self.string(first);
        }
        if first.is_ascii_digit() {
            return self.number();
        }
        if first.is_alphabetic() || first == '_' {
            let length = rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            self.push(TokenKind::Name(rest[..length].to_owned()));
            self.offset += length;
            return Ok(());
        }
        let Some(operator) = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator))
        else {
            return self.fail(format!("unexpected character `{first}`"));
        };
        match first {
            '(' | '[' | '{' => brackets.push(first),
            ')' | ']' | '}' => {
                let opened = brackets.pop();
                let matches = matches!(
                    (opened, first),
                    (Some('('), ')') | (Some('['), ']') | (Some('{'), '}')
                );
                if !matches {
                    return self.fail(format!("unexpected `{first}`"));
                }
            }
            _ => {}
        }
        self.push(TokenKind::Operator(operator));
        self.offset += operator.len();
        Ok(())
    }

    fn number(&mut self) -> LexResult<()> {
        let rest = self.rest();
        let digits = |from: usize| {
            rest[from..]
                .find(|c: char| !c.is_ascii_digit() && c != '_')
                .map_or(rest.len(), |length| from + length)
        };
        let mut end = digits(0);
        let mut is_float = false;
        if rest[end..].starts_with('.') && rest[end + 1..].starts_with(|c: char| c.is_ascii_digit())
        {
            is_float = true;
            end = digits(end + 1);
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            if rest[end + 1 + sign..].starts_with(|c: char| c.is_ascii_digit()) {
                is_float = true;
                end = digits(end + 1 + sign);
            }
        }
        let text = rest[..end].replace('_', "");
        let kind = match (is_float, text.parse::<i64>()) {
            (false, Ok(number)) => TokenKind::Int(number),
            _ => match text.parse() {
                Ok(number) => TokenKind::Float(number),
                Err(_) => return self.fail(format!("`{text}` is not a number")),
            },
        };
        self.push(kind);
        self.offset += end;
        Ok(())
    }

    fn string(&mut self, quote: char) -> LexResult<()> {
        let rest = self.rest();
        let mut text = String::new();
        let mut characters = rest.char_indices().skip(1);
        while let Some((index, c)) = characters.next() {
            if c == quote {
                self.push(TokenKind::String(text));
                self.offset += index + 1;
                return Ok(());
            }
            if c != '\\' {
                text.push(c);
                continue;
            }
            match characters.next().map(|(_, escaped)| escaped) {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some('r') => text.push('\r'),
                Some('\n') => {}
                Some('u') => {
                    let code: String = characters
                        .by_ref()
                        .take(4)
                        .map(|(_, digit)| digit)
                        .collect();
                    text.push(
                        u32::from_str_radix(&code, 16)
                            .ok()
                            .and_then(char::from_u32)
                            .unwrap_or('\u{fffd}'),
                    );
                }
                Some(other @ ('\\' | '\'' | '"')) => text.push(other),
                Some(other) => text.extend(['\\', other]),
                None => break,
            }
        }
        self.fail("string is not closed")
    }
}

/// Where the next tag or comment begins.
fn next_tag(text: &str) -> Option<usize> {
    let mut braces = text.match_indices('{').map(|(index, _)| index);
    let is_tag = |index: &usize| matches!(text.as_bytes().get(index + 1), Some(b'{' | b'%' | b'#'));
    braces.find(is_tag)
}

fn is_raw(tag: &str) -> bool {
    tag.trim_start().strip_prefix("raw").is_some_and(|rest| {
        let rest = rest.trim_start();
        rest.starts_with("%}") || rest.starts_with("-%}") || rest.starts_with("+%}")
    })
}
