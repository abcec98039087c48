use std::sync::Arc;

use super::{
    Block, BlockKind, CallArguments, Expression, ExpressionKind, ParseResult, Parser, Position,
    StatementKind, TokenKind,
};

impl Parser<'_> {
    pub(super) fn parameters(&mut self) -> ParseResult<Vec<(Arc<str>, Option<Expression>)>> {
        let mut parameters = Vec::new();
        self.expect_operator("(")?;
        while !self.take_operator(")") {
            let name = self.name()?;
            let default = if self.take_operator("=") {
                Some(self.expression()?)
            } else {
                None
            };
            parameters.push((name, default));
            if !self.is_operator(")") {
                self.expect_operator(",")?;
            }
        }
        Ok(parameters)
    }

    pub(super) fn named_block(
        &mut self,
        kind: BlockKind,
        at: Position,
        start: usize,
    ) -> ParseResult<StatementKind> {
        let name = self.name()?;
        let mut full_name = name.as_ref().to_owned();
        let (end, parameters) = match kind {
            BlockKind::Macro => ("endmacro", self.parameters()?),
            BlockKind::Test => {
                full_name = format!("test_{name}");
                let end = if matches!(&self.tokens[self.next - 2].kind, TokenKind::Name(tag) if tag == "data_test")
                {
                    "enddata_test"
                } else {
                    "endtest"
                };
                (end, self.parameters()?)
            }
            BlockKind::Materialization => {
                let adapter = self.materialization_adapter()?;
                full_name = format!("materialization_{name}_{adapter}");
                ("endmaterialization", Vec::new())
            }
            BlockKind::Snapshot => ("endsnapshot", Vec::new()),
        };
        self.names.push((false, false));
        let body = self.body(end);
        let (takes_varargs, takes_kwargs) = self.names.pop().unwrap_or_default();
        let body = body?;
        let tag_end = self.at();
        self.end_of_tag().map_err(|mut error| {
            error.at.get_or_insert((Arc::clone(self.file), tag_end));
            error
        })?;
        let end_offset = self.tokens[self.next - 1].offset;
        let source = self
            .source
            .get(start..(end_offset + 3).min(self.source.len()))
            .unwrap_or_default();
        let source = source
            .rfind("%}")
            .map_or(source, |close| &source[..close + 2]);
        Ok(StatementKind::Block(Arc::new(Block {
            kind,
            name: Arc::from(full_name),
            parameters,
            body,
            at,
            takes_varargs,
            takes_kwargs,
            source: Arc::from(source),
        })))
    }

    fn materialization_adapter(&mut self) -> ParseResult<String> {
        let mut adapter = "default".to_owned();
        while self.take_operator(",") {
            if self.take_name("default") {
                continue;
            }
            let option = self.name()?;
            self.expect_operator("=")?;
            let value = self.expression()?;
            if let (ExpressionKind::String(name), "adapter") = (value.kind, &*option) {
                adapter = name.as_ref().to_owned();
            }
        }
        Ok(adapter)
    }

    pub(super) fn arguments(&mut self) -> ParseResult<CallArguments> {
        let mut arguments = CallArguments::default();
        self.expect_operator("(")?;
        while !self.take_operator(")") {
            let is_keyword = matches!(
                (self.peek(), self.peek_second()),
                (TokenKind::Name(_), TokenKind::Operator("="))
            );
            if self.take_operator("**") {
                arguments.keyword_spread = Some(Box::new(self.expression()?));
            } else if self.take_operator("*") {
                arguments.spread = Some(Box::new(self.expression()?));
            } else if is_keyword {
                let name = self.name()?;
                self.next += 1;
                arguments.keyword.push((name, self.expression()?));
            } else if arguments.keyword.is_empty() {
                arguments.positional.push(self.expression()?);
            } else {
                return self.fail("positional argument after a named one");
            }
            if !self.is_operator(")") {
                self.expect_operator(",")?;
            }
        }
        Ok(arguments)
    }
}
