use std::sync::Arc;

use super::{
    Error,
    lexer::{Lexer, Token, TokenKind},
    syntax::{
        Block, BlockKind, Call, CallArguments, Expression, ExpressionKind, For, Position,
        Statement, StatementKind, Target, Template,
    },
};

mod callable;
mod expression;

/// How deep templates may nest; a guard for the stack, far above what people write.
const DEPTH_LIMIT: usize = 100;
/// How many operators, filters and calls one expression may have, which nest to the left; the same guard.
const LINK_LIMIT: usize = 5_000;

type ParseResult<T> = Result<T, Box<Error>>;

/// Parses a template.
pub(crate) fn parse(file: &Arc<str>, source: &str) -> ParseResult<Template> {
    let tokens = Lexer::tokenize(source).map_err(|(mut error, at)| {
        error.at = Some((Arc::clone(file), at));
        Box::new(error)
    })?;
    let mut parser = Parser {
        file,
        source,
        tokens,
        next: 0,
        names: Vec::new(),
        depth: 0,
        n_links: 0,
    };
    let body = parser.statements(&[])?;
    Ok(Template {
        file: Arc::clone(file),
        body,
    })
}

struct Parser<'a> {
    file: &'a Arc<str>,
    source: &'a str,
    tokens: Vec<Token>,
    next: usize,
    /// Per open macro: which of `varargs` and `kwargs` its body names.
    names: Vec<(bool, bool)>,
    depth: usize,
    /// Of the expression that is being read.
    n_links: usize,
}

impl Parser<'_> {
    fn peek(&self) -> &TokenKind {
        &self.tokens[self.next.min(self.tokens.len() - 1)].kind
    }

    fn peek_second(&self) -> &TokenKind {
        &self.tokens[(self.next + 1).min(self.tokens.len() - 1)].kind
    }

    fn at(&self) -> Position {
        self.tokens[self.next.min(self.tokens.len() - 1)].at
    }

    fn advance(&mut self) -> TokenKind {
        let kind = self.peek().clone();
        self.next += 1;
        kind
    }

    fn fail<T>(&self, message: impl Into<String>) -> ParseResult<T> {
        Err(self.error(message, self.at()))
    }

    fn error(&self, message: impl Into<String>, at: Position) -> Box<Error> {
        Box::new(Error {
            at: Some((Arc::clone(self.file), at)),
            ..Error::new(message)
        })
    }

    fn is_operator(&self, operator: &str) -> bool {
        matches!(self.peek(), TokenKind::Operator(found) if *found == operator)
    }

    fn take_operator(&mut self, operator: &str) -> bool {
        let found = self.is_operator(operator);
        self.next += usize::from(found);
        found
    }

    fn expect_operator(&mut self, operator: &str) -> ParseResult<()> {
        if self.take_operator(operator) {
            return Ok(());
        }
        self.fail(format!("expected `{operator}`, found {}", self.describe()))
    }

    fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), TokenKind::Name(found) if found == name)
    }

    fn take_name(&mut self, name: &str) -> bool {
        let found = self.is_name(name);
        self.next += usize::from(found);
        found
    }

    fn name(&mut self) -> ParseResult<Arc<str>> {
        match self.peek().clone() {
            TokenKind::Name(name) => {
                self.next += 1;
                Ok(Arc::from(name))
            }
            _ => self.fail(format!("expected a name, found {}", self.describe())),
        }
    }

    fn describe(&self) -> String {
        match self.peek() {
            TokenKind::Text(_) => "text".to_owned(),
            TokenKind::OutputStart => "`{{`".to_owned(),
            TokenKind::OutputEnd => "`}}`".to_owned(),
            TokenKind::BlockStart => "`{%`".to_owned(),
            TokenKind::BlockEnd => "`%}`".to_owned(),
            TokenKind::Name(name) => format!("`{name}`"),
            TokenKind::Int(number) => format!("`{number}`"),
            TokenKind::Float(number) => format!("`{number}`"),
            TokenKind::String(text) => format!("`'{text}'`"),
            TokenKind::Operator(operator) => format!("`{operator}`"),
            TokenKind::End => "the end of the file".to_owned(),
        }
    }

    fn end_of_tag(&mut self) -> ParseResult<()> {
        if *self.peek() == TokenKind::BlockEnd {
            self.next += 1;
            return Ok(());
        }
        self.fail(format!("expected `%}}`, found {}", self.describe()))
    }

    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> ParseResult<T>) -> ParseResult<T> {
        if self.depth >= DEPTH_LIMIT {
            return self.fail("template nests too deep");
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    /// Counts something that nests to the left.
    fn link(&mut self) -> ParseResult<()> {
        self.n_links += 1;
        if self.n_links > LINK_LIMIT {
            return self.fail("expression is too long");
        }
        Ok(())
    }

    /// Statements up to one of the tags in `until`, which stays unread; up to the end when there are none.
    fn statements(&mut self, until: &[&str]) -> ParseResult<Vec<Statement>> {
        let mut statements = Vec::new();
        loop {
            self.n_links = 0;
            let at = self.at();
            match self.peek() {
                TokenKind::End if until.is_empty() => return Ok(statements),
                TokenKind::End => {
                    return self.fail(format!("missing `{{% {} %}}`", until[until.len() - 1]));
                }
                TokenKind::Text(text) => {
                    statements.push(Statement {
                        kind: StatementKind::Text(text.clone()),
                        at,
                    });
                    self.next += 1;
                }
                TokenKind::OutputStart => {
                    self.next += 1;
                    let value = self.tuple_or_expression()?;
                    if *self.peek() != TokenKind::OutputEnd {
                        return self.fail(format!("expected `}}}}`, found {}", self.describe()));
                    }
                    self.next += 1;
                    statements.push(Statement {
                        kind: StatementKind::Output(value),
                        at,
                    });
                }
                TokenKind::BlockStart => {
                    if let TokenKind::Name(name) = self.peek_second()
                        && until.contains(&name.as_str())
                    {
                        return Ok(statements);
                    }
                    self.next += 1;
                    let kind = self.deeper(|parser| parser.tag(at))?;
                    statements.push(Statement { kind, at });
                }
                _ => return self.fail(format!("unexpected {}", self.describe())),
            }
        }
    }

    /// The body of a tag and its closing tag.
    fn body(&mut self, end: &str) -> ParseResult<Vec<Statement>> {
        self.end_of_tag()?;
        let body = self.statements(&[end])?;
        self.next += 2;
        Ok(body)
    }

    fn tag(&mut self, at: Position) -> ParseResult<StatementKind> {
        let start = self.tokens[self.next.saturating_sub(1)].offset;
        let name = self.name()?;
        match &*name {
            "if" => self.if_tag(),
            "for" => self.for_tag(),
            "set" => self.set_tag(),
            "do" => {
                let value = self.tuple_or_expression()?;
                self.end_of_tag()?;
                Ok(StatementKind::Do(value))
            }
            "with" => self.with_tag(),
            "filter" => {
                let filters = self.filter_names()?;
                let body = self.body("endfilter")?;
                self.end_of_tag()?;
                Ok(StatementKind::FilterBlock { filters, body })
            }
            "call" => self.call_tag(at),
            "macro" => self.named_block(BlockKind::Macro, at, start),
            "test" | "data_test" => self.named_block(BlockKind::Test, at, start),
            "materialization" => self.named_block(BlockKind::Materialization, at, start),
            "snapshot" => self.named_block(BlockKind::Snapshot, at, start),
            "break" | "continue" => {
                self.end_of_tag()?;
                Ok(if &*name == "break" {
                    StatementKind::Break
                } else {
                    StatementKind::Continue
                })
            }
            "else" | "elif" | "endif" | "endfor" | "endmacro" | "endset" | "endcall"
            | "endfilter" | "endwith" | "endtest" | "endmaterialization" | "endsnapshot" => {
                Err(self.error(format!("`{{% {name} %}}` closes nothing"), at))
            }
            "include" | "import" | "from" | "extends" | "block" => {
                Err(self.error(format!("`{{% {name} %}}` is not part of dbt's Jinja"), at))
            }
            _ => Err(self.error(format!("unknown tag `{name}`"), at)),
        }
    }

    fn if_tag(&mut self) -> ParseResult<StatementKind> {
        let mut branches = Vec::new();
        loop {
            let condition = self.tuple_or_expression()?;
            self.end_of_tag()?;
            let body = self.statements(&["elif", "else", "endif"])?;
            branches.push((condition, body));
            self.next += 1;
            if self.take_name("elif") {
                continue;
            }
            let mut otherwise = Vec::new();
            if self.take_name("else") {
                otherwise = self.body("endif")?;
            } else {
                self.next += 1;
            }
            self.end_of_tag()?;
            return Ok(StatementKind::If {
                branches,
                otherwise,
            });
        }
    }

    fn for_tag(&mut self) -> ParseResult<StatementKind> {
        let target = self.target()?;
        if !self.take_name("in") {
            return self.fail(format!("expected `in`, found {}", self.describe()));
        }
        let iterable = self.tuple_without_condition()?;
        let condition = if self.take_name("if") {
            Some(self.expression()?)
        } else {
            None
        };
        let recursive = self.take_name("recursive");
        self.end_of_tag()?;
        let body = self.statements(&["else", "endfor"])?;
        self.next += 1;
        let mut otherwise = Vec::new();
        if self.take_name("else") {
            otherwise = self.body("endfor")?;
        } else {
            self.next += 1;
        }
        self.end_of_tag()?;
        Ok(StatementKind::For(Box::new(For {
            target,
            iterable,
            condition,
            recursive,
            body,
            otherwise,
        })))
    }

    fn target(&mut self) -> ParseResult<Target> {
        let first = self.single_target()?;
        if !self.is_operator(",") {
            return Ok(first);
        }
        let mut targets = vec![first];
        while self.take_operator(",") {
            if !matches!(self.peek(), TokenKind::Name(name) if name != "in")
                && !self.is_operator("(")
            {
                break;
            }
            targets.push(self.single_target()?);
        }
        Ok(Target::Tuple(targets))
    }

    fn single_target(&mut self) -> ParseResult<Target> {
        if self.take_operator("(") {
            let target = self.deeper(Self::target)?;
            self.expect_operator(")")?;
            return Ok(target);
        }
        let name = self.name()?;
        if self.take_operator(".") {
            return Ok(Target::Attribute {
                object: name,
                attribute: self.name()?,
            });
        }
        Ok(Target::Name(name))
    }

    fn set_tag(&mut self) -> ParseResult<StatementKind> {
        let target = self.target()?;
        if self.take_operator("=") {
            let value = self.tuple_or_expression()?;
            self.end_of_tag()?;
            return Ok(StatementKind::Set { target, value });
        }
        let filters = if self.take_operator("|") {
            self.filter_names()?
        } else {
            Vec::new()
        };
        let body = self.body("endset")?;
        self.end_of_tag()?;
        Ok(StatementKind::SetBlock {
            target,
            filters,
            body,
        })
    }

    fn with_tag(&mut self) -> ParseResult<StatementKind> {
        let mut assignments = Vec::new();
        while *self.peek() != TokenKind::BlockEnd {
            let target = self.single_target()?;
            self.expect_operator("=")?;
            assignments.push((target, self.expression()?));
            self.take_operator(",");
        }
        let body = self.body("endwith")?;
        self.end_of_tag()?;
        Ok(StatementKind::With { assignments, body })
    }

    fn filter_names(&mut self) -> ParseResult<Vec<Call>> {
        let mut filters = vec![self.filter_or_test()?];
        while self.take_operator("|") {
            filters.push(self.filter_or_test()?);
        }
        Ok(filters)
    }

    fn call_tag(&mut self, at: Position) -> ParseResult<StatementKind> {
        let parameters = if self.is_operator("(") {
            self.parameters()?
        } else {
            Vec::new()
        };
        let call = self.expression()?;
        if !matches!(call.kind, ExpressionKind::Call(..)) {
            return Err(self.error("`call` needs a call", call.at));
        }
        let body = self.body("endcall")?;
        self.end_of_tag()?;
        let caller = Block {
            kind: BlockKind::Macro,
            name: Arc::from("caller"),
            parameters,
            body,
            at,
            takes_varargs: false,
            takes_kwargs: false,
            source: Arc::from(""),
        };
        Ok(StatementKind::CallBlock {
            call,
            caller: Arc::new(caller),
        })
    }
}
